package dev.patchbay.core.execution;

import org.jspecify.annotations.Nullable;

/// What a module threw, copied into a class of the host: the name, message and stack trace of the original, which
/// itself may be of a class of the module and must not outlive it. For operators and authors, never for callers.
public final class ModuleFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int DEEPEST_CAUSE = 10;

    private final String type;

    ModuleFailure(Throwable original) {
        this(original, DEEPEST_CAUSE);
    }

    private ModuleFailure(Throwable original, int deeper) {
        super(text(original), cause(original, deeper), false, true);
        type = original.getClass().getName();
        setStackTrace(original.getStackTrace());
    }

    private static @Nullable Throwable cause(Throwable original, int deeper) {
        Throwable cause = original.getCause();
        return cause == null || cause == original || deeper == 0 ? null : new ModuleFailure(cause, deeper - 1);
    }

    /// A message is made by the module's code, which may fail again.
    private static @Nullable String text(Throwable original) {
        try {
            return original.getMessage();
        } catch (RuntimeException | LinkageError e) {
            return "(its message cannot be had: " + e.getClass().getName() + ")";
        }
    }

    @Override
    public String toString() {
        return getMessage() == null ? type : type + ": " + getMessage();
    }
}
