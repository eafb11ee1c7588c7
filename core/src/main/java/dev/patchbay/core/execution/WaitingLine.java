package dev.patchbay.core.execution;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Lets at most so many executions run at a time, at most so many wait in order, and turns the rest away.
///
/// When calls go over from another version to this one, those that wait there came first. For a moment they go first,
/// too: else twice as many calls as there are processors would run, and the last of them would take twice as long.
final class WaitingLine implements Line {

    /// Longer than this nobody waits for another version, which may hang.
    private static final long COURTESY = Duration.ofMillis(500).toNanos();

    private final int concurrency;
    private final int capacity;
    private final Executor threads;
    private final BooleanSupplier behindOthers;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Execution> line = new ArrayDeque<>();
    private int running;
    /// How long a call holds its thread, as a moving average; 0 while none has ended.
    private long serviceNanos;
    /// When the first call came, and when it began; 0 before.
    private long firstCall;
    private long firstStart;
    /// Whether calls of this version may run beside those of others.
    private boolean open;

    /// @param behindOthers tells whether calls wait in other versions of the task
    WaitingLine(int concurrency, int capacity, Executor threads, BooleanSupplier behindOthers) {
        this.concurrency = concurrency;
        this.capacity = capacity;
        this.threads = threads;
        this.behindOthers = behindOthers;
    }

    @Override
    public Admission admit(Execution execution, long now) {
        lock.lock();
        try {
            if (firstCall == 0) {
                firstCall = now;
            }
            if (running == concurrency || !line.isEmpty() || !isOpen(now)) {
                if (line.size() >= capacity) {
                    return Admission.LINE_FULL;
                }
                if (execution.deadline() - now < expectedWait(now)) {
                    return Admission.TOO_LATE;
                }
                line.add(execution);
                return Admission.TAKEN;
            }
            start(now);
        } finally {
            lock.unlock();
        }
        threads.execute(() -> run(execution));
        return Admission.TAKEN;
    }

    /// Runs a call and those that take its place after it: to hand them to another thread would wake that one for
    /// nothing.
    private void run(Execution first) {
        Execution execution = first;
        while (execution != null) {
            long from = System.nanoTime();
            boolean ran;
            try {
                ran = execution.run();
            } catch (RuntimeException | Error bug) {
                Execution next = ended(-1);
                if (next != null) {
                    threads.execute(() -> run(next));
                }
                throw bug;
            }
            execution = ended(ran ? System.nanoTime() - from : -1);
        }
    }

    /// Gives the place of an execution that ended to the next one.
    ///
    /// @param heldNanos how long it held its place; negative if it never ran
    /// @return who has the place now; null if nobody waits for it
    private @Nullable Execution ended(long heldNanos) {
        lock.lock();
        try {
            if (heldNanos >= 0) {
                serviceNanos = serviceNanos == 0 ? heldNanos : serviceNanos + (heldNanos - serviceNanos) / 8;
            }
            Execution next = line.poll();
            if (next == null) {
                running--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean leave(Execution execution) {
        lock.lock();
        try {
            return line.remove(execution);
        } finally {
            lock.unlock();
        }
    }

    /// Every place that is free is given at once, but at the beginning.
    @Override
    public void look(long now) {
        List<Execution> started = new ArrayList<>();
        lock.lock();
        try {
            while (running < concurrency && !line.isEmpty() && isOpen(now)) {
                started.add(line.remove());
                start(now);
            }
        } finally {
            lock.unlock();
        }
        started.forEach(next -> threads.execute(() -> run(next)));
    }

    private void start(long now) {
        if (firstStart == 0) {
            firstStart = now;
        }
        running++;
    }

    private boolean isOpen(long now) {
        if (!open) {
            open = now - firstCall >= COURTESY || !behindOthers.getAsBoolean();
        }
        return open;
    }

    @Override
    public int waiting() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int concurrency() {
        return concurrency;
    }

    @Override
    public long waitNanos() {
        lock.lock();
        try {
            return expectedWait(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /// Before the first call has ended, it is only known that calls take at least as long as that one until now.
    private long expectedWait(long now) {
        long service = serviceNanos == 0 && firstStart != 0 ? now - firstStart : serviceNanos;
        return service * (line.size() + 1) / concurrency;
    }
}
