package dev.patchbay.core;

import java.util.concurrent.atomic.AtomicLong;

/// Lets a share of a task's calls be tried again. Every call puts its share aside and every retry takes a whole one, so
/// that a task that fails altogether is asked little more often than one that works. Safe for threads.
final class RetryBudget {

    private static final long RETRY = 100;
    private static final long MOST = 10 * RETRY;

    private final AtomicLong saved = new AtomicLong(MOST);

    /// Notes a call.
    ///
    /// @param percent how much of a retry it may cost
    void called(int percent) {
        if (saved.get() < MOST) {
            saved.addAndGet(percent);
        }
    }

    /// Takes a retry, if there is one left.
    boolean take() {
        return saved.getAndUpdate(now -> now < RETRY ? now : now - RETRY) >= RETRY;
    }
}
