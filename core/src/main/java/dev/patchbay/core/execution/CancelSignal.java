package dev.patchbay.core.execution;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Says once that nobody waits for an answer any more. Whoever takes the call creates it; one listener acts on
/// it, also when it is added too late.
public final class CancelSignal {

    private static final Runnable CANCELLED = () -> {};

    private final AtomicReference<@Nullable Runnable> listener = new AtomicReference<>();

    /// Tells the listener, once.
    public void cancel() {
        Runnable before = listener.getAndSet(CANCELLED);
        if (before != null) {
            before.run();
        }
    }

    /// Tells whether [#cancel] was called.
    public boolean isCancelled() {
        return listener.get() == CANCELLED;
    }

    /// Names who acts on the signal.
    public void onCancel(Runnable action) {
        if (!listener.compareAndSet(null, action)) {
            if (!isCancelled()) {
                throw new IllegalStateException("a cancel signal has one listener");
            }
            action.run();
        }
    }
}
