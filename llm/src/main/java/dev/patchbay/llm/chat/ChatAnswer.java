package dev.patchbay.llm.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A whole answer: the provider said that it ended, and why.
///
/// @param model the model that answered, by the provider's word
/// @param toolCalls in OpenAI's form
/// @param usage null if the provider did not say
/// @param extra fields of the answer that mean nothing to us
public record ChatAnswer(
        String model,
        String text,
        List<JsonNode> toolCalls,
        FinishReason finish,
        @Nullable Usage usage,
        JsonNode extra) {

    /// Copies the list.
    public ChatAnswer {
        toolCalls = List.copyOf(toolCalls);
    }

    /// Gives the same answer with another text.
    public ChatAnswer withText(String changed) {
        return new ChatAnswer(model, changed, toolCalls, finish, usage, extra);
    }
}
