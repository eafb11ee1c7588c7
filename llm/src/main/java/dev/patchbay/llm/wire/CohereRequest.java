package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatRequest;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request in Cohere's form: messages and tools are OpenAI's, some parameters have other names.
final class CohereRequest {

    private CohereRequest() {}

    static ObjectNode body(ChatRequest request, boolean streaming) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", request.model());
        ArrayNode messages = body.putArray("messages");
        for (ChatMessage message : request.messages()) {
            if (message.wire() != null) {
                messages.add(message.wire());
            } else {
                messages.addObject().put("role", message.role().wireName()).put("content", message.text());
            }
        }
        for (Map.Entry<String, JsonNode> field : request.parameters().properties()) {
            parameter(body, field.getKey(), field.getValue());
        }
        JsonNode schema = request.answerSchema();
        if (schema != null) {
            body.putObject("response_format").put("type", "json_object").set("json_schema", schema);
        }
        body.put("stream", streaming);
        return body;
    }

    private static void parameter(ObjectNode body, String name, JsonNode value) {
        switch (name) {
            case "max_completion_tokens" -> body.set("max_tokens", value);
            case "top_p" -> body.set("p", value);
            case "top_k" -> body.set("k", value);
            case "stop" ->
                body.set(
                        "stop_sequences",
                        value.isArray() ? value : body.arrayNode().add(value));
            case "tool_choice" -> toolChoice(body, value);
            case "response_format" -> responseFormat(body, value);
            case "stream_options", "parallel_tool_calls" -> {
                // has no meaning here
            }
            default -> body.set(name, value);
        }
    }

    /// Whether to call a tool is up to the model unless something is said; a tool cannot be named.
    private static void toolChoice(ObjectNode body, JsonNode choice) {
        String word = choice.isObject() ? "required" : choice.asString("");
        if (!word.equals("auto")) {
            body.put("tool_choice", word.toUpperCase(Locale.ROOT));
        }
    }

    private static void responseFormat(ObjectNode body, JsonNode format) {
        JsonNode schema = format.path("json_schema").path("schema");
        if (schema.isObject()) {
            body.putObject("response_format").put("type", "json_object").set("json_schema", schema);
        } else {
            body.set("response_format", format);
        }
    }
}
