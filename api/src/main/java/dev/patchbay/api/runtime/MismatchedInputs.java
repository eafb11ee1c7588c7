package dev.patchbay.api.runtime;

/// Inputs that are right one by one, but do not fit each other, such as two with other numbers of rows. A host that
/// gives a model the tensors of a caller as they came refuses the request; where a module made them, the module failed.
public final class MismatchedInputs extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /// @param message a sentence for the caller that names the inputs and their sizes
    /// @param cause what the engine said
    public MismatchedInputs(String message, Throwable cause) {
        super(message, cause);
    }
}
