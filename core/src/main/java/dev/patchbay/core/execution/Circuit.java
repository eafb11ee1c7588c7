package dev.patchbay.core.execution;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Lets a version rest that fails every time. After a number of module failures in a row it is open for a
/// while; then one call at a time is let through, until one succeeds.
final class Circuit {

    private final int threshold;
    private final long restNanos;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong nextTry = new AtomicLong();

    Circuit(int threshold, Duration rest) {
        this.threshold = threshold;
        this.restNanos = rest.toNanos();
    }

    /// Tells for how long calls are still refused; zero lets this call through.
    long refusedFor(long now) {
        if (failures.get() < threshold) {
            return 0;
        }
        long until = nextTry.get();
        long left = until - now;
        if (left > 0) {
            return left;
        }
        return nextTry.compareAndSet(until, now + restNanos) ? 0 : restNanos;
    }

    void succeeded() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    void failed(long now) {
        if (failures.incrementAndGet() >= threshold) {
            nextTry.set(now + restNanos);
        }
    }

    boolean isOpen() {
        return failures.get() >= threshold;
    }
}
