package dev.patchbay.core.usage;

import dev.patchbay.core.telemetry.CallRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// What happened in the last minute and in the last hour. The minute is kept in steps of 15 seconds, the hour in steps
/// of five minutes; what is older is forgotten. Safe for threads: one lock, held for some tens of nanoseconds.
final class RollingUsage {

    private static final long STEP = Duration.ofSeconds(15).toNanos();
    private static final int MINUTE = 4;
    private static final int STEPS_OF_FIVE_MINUTES = 20;
    private static final int HOUR = 12;
    private static final long FORGOTTEN = Duration.ofMinutes(70).toNanos();

    private final boolean withStages;
    private final Deque<Period> minute = new ArrayDeque<>();
    private final Deque<Period> hour = new ArrayDeque<>();
    private Period now = new Period();
    private Period fiveMinutes = new Period();
    private int steps;
    private long stepEnds;
    private long lastUsed;
    private long calls;

    RollingUsage(boolean withStages, long nanos) {
        this.withStages = withStages;
        this.stepEnds = nanos + STEP;
        this.lastUsed = nanos;
    }

    synchronized void add(CallRecord call) {
        roll(call.endedNanos());
        now.add(call, withStages);
        lastUsed = call.endedNanos();
        calls++;
    }

    /// When it was last used, by [System#nanoTime].
    synchronized long lastUsed() {
        return lastUsed;
    }

    /// Calls since it began.
    synchronized long calls() {
        return calls;
    }

    synchronized UsagePulse pulse(long nanos) {
        roll(nanos);
        long inMinute = now.calls();
        long failed = now.failures();
        for (Period period : minute) {
            inMinute += period.calls();
            failed += period.failures();
        }
        return new UsagePulse(calls, inMinute, failed);
    }

    synchronized Period minute(long nanos) {
        roll(nanos);
        Period sum = new Period();
        minute.forEach(sum::add);
        sum.add(now);
        return sum;
    }

    synchronized Period hour(long nanos) {
        roll(nanos);
        Period sum = new Period();
        hour.forEach(sum::add);
        sum.add(fiveMinutes);
        sum.add(now);
        return sum;
    }

    private void roll(long nanos) {
        if (nanos - stepEnds < 0) {
            return;
        }
        if (nanos - stepEnds > FORGOTTEN) {
            minute.clear();
            hour.clear();
            now = new Period();
            fiveMinutes = new Period();
            steps = 0;
            stepEnds = nanos + STEP;
            return;
        }
        while (nanos - stepEnds >= 0) {
            push(minute, packed(now), MINUTE);
            fiveMinutes.add(now);
            now = new Period();
            if (++steps == STEPS_OF_FIVE_MINUTES) {
                push(hour, fiveMinutes, HOUR);
                fiveMinutes = new Period();
                steps = 0;
            }
            stepEnds += STEP;
        }
    }

    private static Period packed(Period period) {
        Period packed = new Period();
        packed.add(period);
        return packed;
    }

    private static void push(Deque<Period> periods, Period period, int most) {
        periods.addLast(period);
        if (periods.size() > most) {
            periods.removeFirst();
        }
    }
}
