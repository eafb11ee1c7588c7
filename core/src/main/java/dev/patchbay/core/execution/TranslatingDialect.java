package dev.patchbay.core.execution;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A dialect that says the task's own JSON in other words, and keeps it, so that its calls can be compared with
/// those of shadows. Used by one call.
public abstract class TranslatingDialect implements TaskDialect {

    /// Written on the lane, read once the call has ended.
    private volatile byte @Nullable [] own;

    /// Says the task's own JSON as the caller wants it.
    protected abstract byte[] translate(Callee callee, byte[] json);

    @Override
    public final byte[] say(Callee callee, byte[] json) {
        own = json;
        return translate(callee, json);
    }

    @Override
    public final Optional<Dialect> again() {
        return Optional.of(new InOwnJson(this));
    }

    @Override
    public final Optional<byte[]> inOwnJson(byte[] answer) {
        return Optional.ofNullable(own);
    }
}
