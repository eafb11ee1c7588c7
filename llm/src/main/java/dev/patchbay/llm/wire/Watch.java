package dev.patchbay.llm.wire;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends a call that blocks its thread when its time is up. It looks at the deadline when the one before has passed, so
/// that a token that moves it costs nothing. Safe for threads.
final class Watch implements AutoCloseable {

    private final ScheduledExecutorService clock;
    private final Patience patience;
    private final Runnable end;
    private @Nullable ScheduledFuture<?> next;
    private boolean closed;
    private boolean passed;

    /// Begins.
    ///
    /// @param end ends the call, from another thread
    Watch(ScheduledExecutorService clock, Patience patience, Runnable end) {
        this.clock = clock;
        this.patience = patience;
        this.end = end;
        look();
    }

    private synchronized void look() {
        if (closed) {
            return;
        }
        long left = patience.deadline() - System.nanoTime();
        if (left > 0) {
            next = clock.schedule(this::look, left, TimeUnit.NANOSECONDS);
        } else {
            passed = true;
            end.run();
        }
    }

    /// Looks at a deadline that came nearer.
    synchronized void hurry() {
        close();
        closed = false;
        look();
    }

    /// Tells whether the call was ended.
    synchronized boolean passed() {
        return passed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
