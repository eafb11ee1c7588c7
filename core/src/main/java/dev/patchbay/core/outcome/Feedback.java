package dev.patchbay.core.outcome;

import org.jspecify.annotations.Nullable;

/// What became of an answer, as a caller tells it.
///
/// @param requestId the answer's `Inference-Request-Id`; null if the feedback is about a unit
/// @param task needed for a unit; with a request id it is only compared
/// @param unit the value that the task's experiments hash; null if a request id is given
/// @param tenant the caller's tenant, which routing may go by
/// @param name one of the task's `outcomes`
public record Feedback(
        @Nullable String requestId,
        @Nullable String task,
        @Nullable String unit,
        @Nullable String tenant,
        String name,
        Value value) {

    /// What is told.
    public sealed interface Value {

        /// A number; yes and no are 1 and 0.
        ///
        /// @param yesOrNo whether it was told as a boolean
        record Amount(double number, boolean yesOrNo) implements Value {}

        /// One of few words, such as `edited`.
        record Label(String text) implements Value {}
    }
}
