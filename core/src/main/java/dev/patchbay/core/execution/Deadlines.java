package dev.patchbay.core.execution;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends calls whose time is up. One thread looks at all running and waiting calls every few milliseconds: for
/// calls that mostly end long before, this costs less than a timer each.
public final class Deadlines implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Deadlines.class);
    private static final Duration TICK = Duration.ofMillis(5);

    private final Set<Execution> watched = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean sleeping;
    private volatile boolean closed;

    /// Starts the thread.
    public Deadlines() {
        thread = Thread.ofPlatform().daemon().name("patchbay-deadlines").start(this::watch);
    }

    void watch(Execution execution) {
        watched.add(execution);
        if (sleeping) {
            LockSupport.unpark(thread);
        }
    }

    void forget(Execution execution) {
        watched.remove(execution);
    }

    /// Tells whether such a call is running or waiting.
    boolean anyIs(Predicate<Execution> such) {
        return watched.stream().anyMatch(such);
    }

    private void watch() {
        while (!closed) {
            try {
                long now = System.nanoTime();
                for (Execution execution : watched) {
                    execution.check(now);
                }
            } catch (RuntimeException | Error e) {
                // without this thread no call would end: it outlives also an OutOfMemoryError that a module brought
                // about
                log.error("looking at deadlines failed", e);
            }
            sleeping = true;
            if (watched.isEmpty()) {
                LockSupport.park(this);
            }
            sleeping = false;
            LockSupport.parkNanos(this, TICK.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
