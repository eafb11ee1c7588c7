package dev.patchbay.core.execution;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Says once that nobody waits for an answer any more. Whoever takes the call creates it; the listener that was named
/// last acts on it, also when it is named too late.
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
        if (listener.getAndUpdate(now -> now == CANCELLED ? CANCELLED : action) == CANCELLED) {
            action.run();
        }
    }
}
