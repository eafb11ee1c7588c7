package dev.patchbay.api;

/// Takes the parts of a streamed answer. Used by the one thread that runs [StreamingModule#stream].
///
/// @param <P> the record of one part
@FunctionalInterface
public interface Parts<P> {

    /// Sends a part to the caller, waiting while the caller is slower than the module.
    ///
    /// @param part the part; it must fulfil its schema
    /// @throws InferenceException `cancelled` when the caller is gone, `deadline-exceeded` when time is up;
    ///     let it pass through
    void emit(P part);
}
