package dev.patchbay.server.chat;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a question in Anthropic's form as a conversation in OpenAI's.
final class AnthropicQuestion {

    private static final JsonMapper JSON = JsonMapper.shared();
    /// Written otherwise below, or without meaning there.
    private static final Set<String> OWN =
            Set.of("messages", "system", "tools", "tool_choice", "stop_sequences", "metadata", "thinking");

    private AnthropicQuestion() {}

    static ObjectNode conversation(ObjectNode question) {
        ObjectNode conversation = JsonNodeFactory.instance.objectNode();
        question.properties().forEach(field -> {
            if (!OWN.contains(field.getKey())) {
                conversation.set(field.getKey(), field.getValue());
            }
        });
        ArrayNode messages = conversation.putArray("messages");
        String system = TaskQuestion.text(question.path("system"));
        if (!system.isEmpty()) {
            messages.addObject().put("role", "system").put("content", system);
        }
        for (JsonNode message : question.path("messages")) {
            if (message.path("content").isArray()) {
                blocks(message, messages);
            } else {
                messages.add(message);
            }
        }
        if (question.has("stop_sequences")) {
            conversation.set("stop", question.path("stop_sequences"));
        }
        if (!question.path("tools").isEmpty()) {
            tools(question, conversation);
        }
        return conversation;
    }

    private static void blocks(JsonNode message, ArrayNode messages) {
        ObjectNode written = JsonNodeFactory.instance.objectNode();
        written.set("role", message.path("role"));
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (JsonNode block : message.path("content")) {
            switch (block.path("type").asString("")) {
                case "text" ->
                    content.addObject()
                            .put("type", "text")
                            .put("text", block.path("text").asString(""));
                case "image" -> content.add(image(block.path("source")));
                case "tool_use" -> {
                    ObjectNode call = calls.addObject()
                            .put("id", block.path("id").asString(""))
                            .put("type", "function");
                    call.putObject("function")
                            .put("name", block.path("name").asString(""))
                            .put("arguments", JSON.writeValueAsString(block.path("input")));
                }
                case "tool_result" ->
                    messages.addObject()
                            .put("role", "tool")
                            .put("tool_call_id", block.path("tool_use_id").asString(""))
                            .put("content", TaskQuestion.text(block.path("content")));
                default -> content.add(block);
            }
        }
        boolean text =
                content.size() == 1 && content.get(0).path("type").asString("").equals("text");
        if (!content.isEmpty()) {
            written.set("content", text ? content.get(0).path("text") : content);
        }
        if (!calls.isEmpty()) {
            written.set("tool_calls", calls);
        }
        if (written.size() > 1) {
            messages.add(written);
        }
    }

    private static ObjectNode image(JsonNode source) {
        String url = source.path("type").asString("").equals("url")
                ? source.path("url").asString("")
                : "data:%s;base64,%s"
                        .formatted(
                                source.path("media_type").asString(""),
                                source.path("data").asString(""));
        ObjectNode image = JsonNodeFactory.instance.objectNode().put("type", "image_url");
        image.putObject("image_url").put("url", url);
        return image;
    }

    private static void tools(ObjectNode question, ObjectNode conversation) {
        ArrayNode tools = conversation.putArray("tools");
        for (JsonNode tool : question.path("tools")) {
            ObjectNode function = tools.addObject().put("type", "function").putObject("function");
            function.set("name", tool.path("name"));
            if (tool.has("description")) {
                function.set("description", tool.path("description"));
            }
            function.set("parameters", tool.path("input_schema"));
        }
        JsonNode choice = question.path("tool_choice");
        switch (choice.path("type").asString("")) {
            case "any" -> conversation.put("tool_choice", "required");
            case "auto", "none" -> conversation.set("tool_choice", choice.path("type"));
            case "tool" -> {
                ObjectNode named = conversation.putObject("tool_choice").put("type", "function");
                named.putObject("function").set("name", choice.path("name"));
            }
            default -> {
                // the model chooses
            }
        }
    }
}
