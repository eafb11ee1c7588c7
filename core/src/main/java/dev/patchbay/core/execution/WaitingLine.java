package dev.patchbay.core.execution;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/// Lets at most so many executions run at a time, at most so many wait in order, and turns the rest away.
final class WaitingLine {

    /// Whether a call may wait.
    enum Admission {
        TAKEN,
        LINE_FULL,
        TOO_LATE
    }

    private final int concurrency;
    private final int capacity;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Execution> line = new ArrayDeque<>();
    private int running;
    /// How long a call holds its thread, as a moving average; 0 while none has ended.
    private long serviceNanos;
    /// When the first call began; 0 before.
    private long firstStart;

    WaitingLine(int concurrency, int capacity, Executor threads) {
        this.concurrency = concurrency;
        this.capacity = capacity;
        this.threads = threads;
    }

    /// Starts the execution or lets it wait. It is turned away when the line is full, and also when its
    /// deadline would pass before its turn: a late answer helps nobody and delays the others.
    Admission admit(Execution execution, long now) {
        lock.lock();
        try {
            if (running == concurrency) {
                if (line.size() >= capacity) {
                    return Admission.LINE_FULL;
                }
                if (execution.deadline() - now < expectedWait(now)) {
                    return Admission.TOO_LATE;
                }
                line.add(execution);
                return Admission.TAKEN;
            }
            if (firstStart == 0) {
                firstStart = now;
            }
            running++;
        } finally {
            lock.unlock();
        }
        threads.execute(execution);
        return Admission.TAKEN;
    }

    /// Gives the place of an execution that ended to the next one.
    ///
    /// @param heldNanos how long it held its place; negative if it never ran
    void ended(long heldNanos) {
        Execution next;
        lock.lock();
        try {
            if (heldNanos >= 0) {
                serviceNanos = serviceNanos == 0 ? heldNanos : serviceNanos + (heldNanos - serviceNanos) / 8;
            }
            next = line.poll();
            if (next == null) {
                running--;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            threads.execute(next);
        }
    }

    /// Drops an execution that nobody waits for, so that it does not take up room.
    boolean leave(Execution execution) {
        lock.lock();
        try {
            return line.remove(execution);
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    int concurrency() {
        return concurrency;
    }

    /// Estimates how long a call that joins now would wait.
    long waitNanos() {
        lock.lock();
        try {
            return expectedWait(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /// Before the first call has ended, it is only known that calls take at least as long as that one until now.
    private long expectedWait(long now) {
        long service = serviceNanos == 0 ? now - firstStart : serviceNanos;
        return service * (line.size() + 1) / concurrency;
    }
}
