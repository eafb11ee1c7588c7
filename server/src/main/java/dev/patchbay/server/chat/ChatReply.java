package dev.patchbay.server.chat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A task's answer as something said in a conversation.
///
/// @param finish `stop`, `length` or `tool_calls`
/// @param usage as the task told it: `input`, `cache_read`, `cache_write`, `output`; null if it did not
public record ChatReply(
        String text,
        String finish,
        @Nullable JsonNode toolCalls,
        @Nullable JsonNode usage) {

    /// Reads a task's answer. Its one text is what is said; an answer of several fields is said as JSON.
    public static ChatReply of(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        JsonNode tools = answer.path("tool_calls");
        String finish = answer.path("finish").asString("stop");
        boolean conversational = answer.path("text").isString() && answer.has("finish");
        return new ChatReply(
                conversational ? answer.path("text").stringValue() : said(answer),
                finish.equals("length") || finish.equals("tool_calls") ? finish : "stop",
                tools.isArray() && !tools.isEmpty() ? tools : null,
                conversational && usage.isObject() ? usage : null);
    }

    private static String said(JsonNode answer) {
        if (answer.isString()) {
            return answer.stringValue();
        }
        List<JsonNode> values = new ArrayList<>();
        answer.forEach(values::add);
        return answer.isObject() && values.size() == 1 && values.getFirst().isString()
                ? values.getFirst().stringValue()
                : answer.toString();
    }

    long tokens(String kind) {
        return usage == null ? 0 : usage.path(kind).asLong(0);
    }
}
