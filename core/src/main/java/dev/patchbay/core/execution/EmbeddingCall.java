package dev.patchbay.core.execution;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A text as the request of a task that takes one and answers with a list of numbers, its embedding.
public final class EmbeddingCall extends TranslatingDialect {

    private final String text;

    /// Makes a call about a text.
    public EmbeddingCall(String text) {
        this.text = text;
    }

    @Override
    public JsonNode question(Callee callee) {
        String field = onlyText(callee.codec().requestSchema());
        if (field == null) {
            throw new InferenceException(
                    ErrorCode.INVALID_REQUEST,
                    "Task '%s' does not take one text, so it makes no embeddings".formatted(callee.task()));
        }
        return JsonNodeFactory.instance.objectNode().put(field, text);
    }

    @Override
    protected byte[] translate(Callee callee, byte[] json) {
        return json;
    }

    @Override
    public byte[] encodePart(Callee callee, Object part) {
        return callee.codec().encodePart(part);
    }

    /// Names the one field that a request requires, if that is a text.
    public static @Nullable String onlyText(JsonNode schema) {
        JsonNode required = schema.path("required");
        if (required.size() != 1) {
            return null;
        }
        String field = required.path(0).asString("");
        return schema.path("properties").path(field).path("type").asString("").equals("string") ? field : null;
    }

    /// Finds the first list of numbers in an answer, also inside a batch of one; null if there is none.
    public static @Nullable JsonNode numbers(JsonNode answer) {
        if (answer.isArray() && answer.path(0).isNumber()) {
            return answer;
        }
        for (JsonNode child : answer) {
            JsonNode found = child.isContainer() ? numbers(child) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
