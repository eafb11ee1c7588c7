package dev.patchbay.core.execution;

import dev.patchbay.api.InferenceException;

/// How a call ended.
public sealed interface Outcome {

    /// The version answered.
    ///
    /// @param json the answer, valid by its schema; in the form of the caller's protocol if that is not JSON
    record Answer(byte[] json) implements Outcome {}

    /// The call was refused or failed.
    record Failure(InferenceException error) implements Outcome {}
}
