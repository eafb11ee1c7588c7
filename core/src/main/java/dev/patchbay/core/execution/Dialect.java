package dev.patchbay.core.execution;

import java.util.Optional;

/// The form in which a caller's protocol brings a question and takes the answer. Used on the lane of the version
/// that answers, with its class loader set, by one call.
public interface Dialect {

    /// Checks the question by what the version takes and binds it.
    ///
    /// @throws dev.patchbay.api.InferenceException `invalid-request`, saying what is wrong
    Object decode(Callee callee);

    /// Writes the answer as the caller wants it.
    ///
    /// @throws dev.patchbay.api.InferenceException `invalid-response`, saying what is wrong
    byte[] encode(Callee callee, Object answer);

    /// Writes one part of a streamed answer as the caller wants it.
    ///
    /// @throws dev.patchbay.api.InferenceException `invalid-response`, saying what is wrong
    byte[] encodePart(Callee callee, Object part);

    /// Gives a dialect that puts the same question to another version and writes its answer in the task's own JSON;
    /// empty if the question cannot be put twice.
    default Optional<Dialect> again() {
        return Optional.empty();
    }

    /// Gives an answer that [#encode] wrote in the task's own JSON, to compare it with that of [#again].
    ///
    /// @param answer as it was written
    default Optional<byte[]> inOwnJson(byte[] answer) {
        return Optional.empty();
    }
}
