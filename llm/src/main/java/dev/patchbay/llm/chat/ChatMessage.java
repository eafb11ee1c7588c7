package dev.patchbay.llm.chat;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One message of a conversation.
///
/// @param text what it says, as far as it is text
/// @param wire the message in OpenAI's form with everything else it holds (images, tool calls); null if it is
///     text and nothing else
public record ChatMessage(Role role, String text, @Nullable ObjectNode wire) {

    /// Who speaks.
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL;

        /// Gives the role's name on the wire.
        public String wireName() {
            return switch (this) {
                case SYSTEM -> "system";
                case USER -> "user";
                case ASSISTANT -> "assistant";
                case TOOL -> "tool";
            };
        }
    }

    /// Makes a message of text.
    public static ChatMessage of(Role role, String text) {
        return new ChatMessage(role, text, null);
    }

    /// Reads a message in OpenAI's form.
    ///
    /// @throws IllegalArgumentException if it has no role that is known
    public static ChatMessage read(ObjectNode wire) {
        Role role = switch (wire.path("role").asString("")) {
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "tool", "function" -> Role.TOOL;
            case "" -> throw new IllegalArgumentException("has no role; roles are system, user, assistant, tool");
            case String other ->
                throw new IllegalArgumentException(
                        "has the role '" + other + "'; roles are system, user, assistant, tool");
        };
        boolean plain = wire.size() == 2 && wire.path("content").isString();
        return new ChatMessage(role, text(wire.path("content")), plain ? null : wire);
    }

    /// Gives the same message saying something else; what is not text is kept.
    public ChatMessage withText(String changed) {
        if (wire == null || changed.equals(text)) {
            return new ChatMessage(role, changed, wire);
        }
        ObjectNode copy = wire.deepCopy();
        copy.put("content", changed);
        return new ChatMessage(role, changed, copy);
    }

    /// Gives the same message with every text in it changed, those of its tool calls included.
    public ChatMessage changed(UnaryOperator<String> change) {
        if (wire == null) {
            return new ChatMessage(role, change.apply(text), null);
        }
        ObjectNode copy = wire.deepCopy();
        if (copy.path("content").isString()) {
            copy.put("content", change.apply(copy.path("content").stringValue()));
        }
        for (JsonNode part : copy.path("content")) {
            if (part instanceof ObjectNode object && part.path("text").isString()) {
                object.put("text", change.apply(part.path("text").stringValue()));
            }
        }
        for (JsonNode call : copy.path("tool_calls")) {
            if (call.path("function") instanceof ObjectNode function
                    && function.path("arguments").isString()) {
                function.put(
                        "arguments", change.apply(function.path("arguments").stringValue()));
            }
        }
        return new ChatMessage(role, text(copy.path("content")), copy);
    }

    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("text").isString()) {
                text.append(text.isEmpty() ? "" : "\n").append(part.path("text").stringValue());
            }
        }
        return text.toString();
    }
}
