package dev.patchbay.llm.fake;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A request that the fake provider got.
///
/// @param headers by lower-case name
public record Received(String path, Map<String, String> headers, JsonNode body) {

    /// Gives the text of the last message from the user.
    public String question() {
        String question = "";
        for (JsonNode message : body.path("messages")) {
            if (message.path("role").asString("").equals("user")) {
                JsonNode content = message.path("content");
                question = content.isString() ? content.stringValue() : content.toString();
            }
        }
        return question;
    }

    boolean wantsStream() {
        return body.path("stream").asBoolean(false);
    }

    boolean isCohere() {
        return path.endsWith("/v2/chat");
    }

    boolean isAnthropic() {
        return path.endsWith("/messages");
    }
}
