package dev.patchbay.llm.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a model is asked.
///
/// @param model the provider's name of the model
/// @param parameters goes on the wire as it is, whether we know the field or not
/// @param answerSchema the JSON Schema the answer must fulfil; null for free text
/// @param headers headers for this call alone, such as `traceparent`
public record ChatRequest(
        String model,
        List<ChatMessage> messages,
        ObjectNode parameters,
        @Nullable JsonNode answerSchema,
        Map<String, String> headers) {

    /// Copies the lists.
    public ChatRequest {
        messages = List.copyOf(messages);
        headers = Map.copyOf(headers);
    }

    /// Gives the same request to another model.
    public ChatRequest to(String otherModel) {
        return new ChatRequest(otherModel, messages, parameters, answerSchema, headers);
    }

    /// Gives the same request with another conversation.
    public ChatRequest saying(List<ChatMessage> others) {
        return new ChatRequest(model, others, parameters, answerSchema, headers);
    }

    /// Gives the most tokens the model may answer with; 0 if the request does not say.
    public long mostOutputTokens() {
        return Math.max(
                parameters.path("max_completion_tokens").asLong(0),
                parameters.path("max_tokens").asLong(0));
    }
}
