package dev.patchbay.core.registry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the calls inside one module instance and lets exactly those in that came before it closed.
///
/// One word holds both facts: the number of calls, and the sign bit once the gate is closing. A call adds one
/// and looks at what was there; had the sign been set, it takes its one back. Whoever brings a closing gate to
/// zero, be it the last call, the closer or a call that came too late, reports it empty. Because "is it closed"
/// and "count me" are one atomic step, no call can slip in after the gate was seen empty; a flag beside a
/// counter cannot promise that.
public final class InFlightGate {

    private static final long CLOSING = Long.MIN_VALUE;

    private final AtomicLong word = new AtomicLong();
    private final CountDownLatch empty = new CountDownLatch(1);

    /// Lets a call in, unless the gate is closing. Each `true` is paid back by one [#exit].
    public boolean enter() {
        if (word.getAndIncrement() >= 0) {
            return true;
        }
        exit();
        return false;
    }

    /// Lets a call out; any thread may do it.
    public void exit() {
        if (word.decrementAndGet() == CLOSING) {
            empty.countDown();
        }
    }

    /// Lets nobody in any more. Closing again changes nothing.
    public void close() {
        if (word.getAndUpdate(value -> value | CLOSING) == 0) {
            empty.countDown();
        }
    }

    /// Waits until a closed gate is empty.
    ///
    /// @return whether it became empty in time
    public boolean awaitEmpty(Duration atMost) throws InterruptedException {
        return empty.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Counts the calls inside. A call that is just being turned away may be counted for a moment.
    public long inside() {
        return word.get() & Long.MAX_VALUE;
    }
}
