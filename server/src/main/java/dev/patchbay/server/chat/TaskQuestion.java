package dev.patchbay.server.chat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.EmbeddingCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes a task's request of a conversation in OpenAI's form.
///
/// A task with a field `messages` gets the conversation as it is. Any other task gets the last message of the user:
/// read as the JSON of its request if it is that, otherwise as the one text that the task requires.
public final class TaskQuestion {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> ENVELOPE = Set.of("model", "stream", "stream_options");

    private TaskQuestion() {}

    /// Makes the request of a task with this schema.
    public static JsonNode of(JsonNode schema, String task, ObjectNode conversation) {
        JsonNode properties = schema.path("properties");
        if (properties.has("messages")) {
            ObjectNode request = JsonNodeFactory.instance.objectNode();
            boolean open = !schema.path("additionalProperties").isBoolean()
                    || schema.path("additionalProperties").booleanValue();
            conversation.properties().forEach(field -> {
                if (!ENVELOPE.contains(field.getKey()) && (open || properties.has(field.getKey()))) {
                    request.set(field.getKey(), field.getValue());
                }
            });
            return request;
        }
        String said = lastOfUser(conversation);
        JsonNode request = object(said);
        String field = EmbeddingCall.onlyText(schema);
        if (request != null
                && request.propertyNames().stream().allMatch(properties::has)
                && (field == null || request.has(field))) {
            return request;
        }
        if (field != null) {
            return JsonNodeFactory.instance.objectNode().put(field, said);
        }
        throw new InferenceException(
                ErrorCode.INVALID_REQUEST,
                "Task '%s' takes an object with the fields %s; say it as JSON in the last message of the user"
                        .formatted(task, String.join(", ", properties.propertyNames())));
    }

    private static @Nullable ObjectNode object(String said) {
        try {
            return JSON.readTree(said) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String lastOfUser(JsonNode conversation) {
        String said = "";
        for (JsonNode message : conversation.path("messages")) {
            if (message.path("role").asString("").equals("user")) {
                said = text(message.path("content"));
            }
        }
        return said;
    }

    static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode part : content) {
            if (part.path("text").isString()) {
                texts.add(part.path("text").stringValue());
            }
        }
        return String.join("\n", texts);
    }
}
