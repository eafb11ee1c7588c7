package dev.patchbay.core.statistics;

import java.util.ArrayDeque;
import java.util.Deque;

/// Trips when most of the latest calls fail. A crash should not wait for statistics, and evidence gathered over hours
/// of health must not hide one.
///
/// It looks at the latest periods that hold at least [#LEAST] calls. If the control fails as badly at the same time,
/// the cause is elsewhere, and taking the canary away would help nobody: then it does not trip.
public final class CrashBreaker {

    /// Calls that it looks at, at least.
    public static final int LEAST = 20;
    /// The share of failures above which it trips.
    public static final double LIMIT = 0.5;

    private static final int PERIODS = 600;

    private record Period(long canaryCalls, long canaryErrors, long controlCalls, long controlErrors) {}

    private final Deque<Period> latest = new ArrayDeque<>();
    private long calls;
    private long errors;

    /// Adds a period.
    public void add(long canaryCalls, long canaryErrors, long controlCalls, long controlErrors) {
        latest.addLast(new Period(canaryCalls, canaryErrors, controlCalls, controlErrors));
        calls += canaryCalls;
        errors += canaryErrors;
        while (latest.size() > PERIODS || (latest.size() > 1 && calls - latest.getFirst().canaryCalls >= LEAST)) {
            Period oldest = latest.removeFirst();
            calls -= oldest.canaryCalls;
            errors -= oldest.canaryErrors;
        }
    }

    /// Counts the canary's calls it looks at.
    public long calls() {
        return calls;
    }

    /// Counts the failures among them.
    public long errors() {
        return errors;
    }

    /// Tells whether the canary crashes while the control does not.
    public boolean tripped() {
        if (calls < LEAST || errors <= calls * LIMIT) {
            return false;
        }
        long controlCalls = 0;
        long controlErrors = 0;
        for (Period period : latest) {
            controlCalls += period.controlCalls;
            controlErrors += period.controlErrors;
        }
        return controlCalls == 0 || controlErrors <= controlCalls * LIMIT;
    }
}
