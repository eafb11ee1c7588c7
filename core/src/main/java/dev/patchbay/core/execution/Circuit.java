package dev.patchbay.core.execution;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Lets a version rest that fails every time. After a number of module failures in a row it is open for a
/// while; then one call at a time is let through, until one succeeds. A version that runs out of memory again and
/// again is open as well, whatever it answers in between: what it takes, all others miss.
final class Circuit {

    /// Errors within a minute that open it.
    static final int OUT_OF_MEMORY = 3;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final int threshold;
    private final long restNanos;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong nextTry = new AtomicLong();
    private final AtomicLong memoryRest = new AtomicLong();
    private volatile boolean shortOfMemory;
    /// Its monitor guards changes of what is about memory.
    private final Deque<Long> memoryErrors = new ArrayDeque<>();

    Circuit(int threshold, Duration rest) {
        this.threshold = threshold;
        this.restNanos = rest.toNanos();
    }

    /// Tells for how long calls are still refused; zero lets this call through.
    long refusedFor(long now) {
        if (shortOfMemory) {
            long left = memoryRest.get() - now;
            if (left > 0) {
                return left;
            }
        }
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

    /// @return whether it was open before
    boolean succeeded() {
        boolean rested = failures.get() != 0 && failures.getAndSet(0) >= threshold;
        return shortOfMemory ? recovered(System.nanoTime()) : rested;
    }

    /// A call that was inside before the rest began says nothing.
    private boolean recovered(long now) {
        synchronized (memoryErrors) {
            if (!shortOfMemory || memoryRest.get() - now > 0) {
                return false;
            }
            shortOfMemory = false;
            return true;
        }
    }

    /// @return whether this opened it
    boolean failed(long now) {
        int count = failures.incrementAndGet();
        if (count >= threshold) {
            nextTry.set(now + restNanos);
        }
        return count == threshold && !shortOfMemory;
    }

    /// A call ran out of memory. That it also failed is told apart.
    ///
    /// @return whether this opened it
    boolean outOfMemory(long now) {
        if (threshold == Integer.MAX_VALUE) {
            return false;
        }
        synchronized (memoryErrors) {
            memoryErrors.addLast(now);
            if (memoryErrors.size() > OUT_OF_MEMORY) {
                memoryErrors.removeFirst();
            }
            if (memoryErrors.size() < OUT_OF_MEMORY || now - memoryErrors.getFirst() > MINUTE) {
                return false;
            }
            memoryErrors.clear();
            memoryRest.set(now + restNanos);
            boolean opened = !shortOfMemory && failures.get() < threshold;
            shortOfMemory = true;
            return opened;
        }
    }

    /// Tells whether it rests because it ran out of memory.
    boolean isShortOfMemory() {
        return shortOfMemory;
    }

    boolean isOpen() {
        return failures.get() >= threshold || shortOfMemory;
    }
}
