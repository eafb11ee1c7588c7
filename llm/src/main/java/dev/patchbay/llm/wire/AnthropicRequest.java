package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request in Anthropic's form: the system prompt apart, tools and their results as blocks.
final class AnthropicRequest {

    private static final int MOST_TOKENS = 1024;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private AnthropicRequest() {}

    static ObjectNode body(ChatRequest request, boolean streaming) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", request.model());
        StringBuilder system = new StringBuilder();
        ArrayNode messages = body.putArray("messages");
        for (ChatMessage message : request.messages()) {
            if (message.role() == Role.SYSTEM) {
                paragraph(system, message.text());
            } else {
                messages.add(message(message));
            }
        }
        JsonNode schema = request.answerSchema();
        if (schema != null) {
            paragraph(
                    system,
                    "Answer with one JSON value that fulfils this JSON Schema, and with nothing else:\n" + schema);
        }
        if (!system.isEmpty()) {
            body.put("system", system.toString());
        }
        for (Map.Entry<String, JsonNode> field : request.parameters().properties()) {
            parameter(body, field.getKey(), field.getValue());
        }
        if (!body.has("max_tokens")) {
            body.put("max_tokens", MOST_TOKENS);
        }
        body.put("stream", streaming);
        return body;
    }

    private static void parameter(ObjectNode body, String name, JsonNode value) {
        switch (name) {
            case "max_completion_tokens" -> body.set("max_tokens", value);
            case "stop" ->
                body.set(
                        "stop_sequences",
                        value.isArray() ? value : body.arrayNode().add(value));
            case "tools" -> body.set("tools", tools(value));
            case "stream_options", "response_format" -> {
                // has no meaning here
            }
            default -> body.set(name, value);
        }
    }

    private static ArrayNode tools(JsonNode tools) {
        ArrayNode ours = JsonNodeFactory.instance.arrayNode();
        for (JsonNode tool : tools) {
            JsonNode function = tool.path("function");
            if (function.isMissingNode()) {
                ours.add(tool);
                continue;
            }
            ObjectNode written = ours.addObject();
            written.set("name", function.path("name"));
            if (function.has("description")) {
                written.set("description", function.path("description"));
            }
            written.set("input_schema", function.path("parameters"));
        }
        return ours;
    }

    private static ObjectNode message(ChatMessage message) {
        ObjectNode written = JsonNodeFactory.instance.objectNode();
        ObjectNode wire = message.wire();
        if (message.role() == Role.TOOL && wire != null) {
            written.put("role", "user")
                    .putArray("content")
                    .addObject()
                    .put("type", "tool_result")
                    .put("tool_use_id", wire.path("tool_call_id").asString(""))
                    .put("content", message.text());
            return written;
        }
        written.put("role", message.role() == Role.ASSISTANT ? "assistant" : "user");
        JsonNode calls = wire == null ? null : wire.path("tool_calls");
        if (calls == null || calls.isEmpty()) {
            return written.put("content", message.text());
        }
        ArrayNode blocks = written.putArray("content");
        if (!message.text().isEmpty()) {
            blocks.addObject().put("type", "text").put("text", message.text());
        }
        for (JsonNode call : calls) {
            blocks.addObject()
                    .put("type", "tool_use")
                    .put("id", call.path("id").asString(""))
                    .put("name", call.path("function").path("name").asString(""))
                    .set(
                            "input",
                            arguments(call.path("function").path("arguments").asString("")));
        }
        return written;
    }

    private static JsonNode arguments(String text) {
        try {
            return text.isBlank() ? MAPPER.createObjectNode() : MAPPER.readTree(text);
        } catch (JacksonException e) {
            return MAPPER.createObjectNode().put("arguments", text);
        }
    }

    private static void paragraph(StringBuilder text, String more) {
        text.append(text.isEmpty() ? "" : "\n\n").append(more);
    }
}
