package dev.patchbay.core.execution;

import tools.jackson.databind.JsonNode;

/// A protocol that brings questions and takes answers in words of its own, but says with them the task's own JSON. Its
/// calls can be compared with others, and share answers with them.
public interface TaskDialect extends Dialect {

    /// Gives the question in the task's JSON, not yet checked.
    ///
    /// @throws dev.patchbay.api.InferenceException `invalid-request`, if it cannot be said so
    JsonNode question(Callee callee);

    /// Writes an answer in the task's JSON as the caller wants it.
    byte[] say(Callee callee, byte[] json);

    @Override
    default Object decode(Callee callee) {
        return callee.codec().decode(question(callee));
    }

    @Override
    default byte[] encode(Callee callee, Object answer) {
        return say(callee, callee.codec().encode(answer));
    }
}
