package dev.patchbay.llm.chat;

import tools.jackson.databind.JsonNode;

/// A piece of an answer while it is being given.
public sealed interface Delta {

    /// A piece of its text.
    record Text(String text) implements Delta {}

    /// A piece of what the model thinks before it answers; no content of the answer.
    record Reasoning(String text) implements Delta {}

    /// A piece of its tool calls, in OpenAI's form.
    record ToolCalls(JsonNode calls) implements Delta {}

    /// Tells whether an answer has begun with it.
    default boolean isContent() {
        return !(this instanceof Reasoning);
    }
}
