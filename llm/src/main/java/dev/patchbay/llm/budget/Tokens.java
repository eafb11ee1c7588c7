package dev.patchbay.llm.budget;

import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatRequest;

/// Counts tokens before a provider has. An estimate that is meant to be high: two tokens for seven ASCII characters
/// and one for every other UTF-16 unit, where the usual vocabularies need one for about four letters of English and
/// one or less for a letter of other scripts. Random bytes and rare scripts may need more.
public final class Tokens {

    private static final int PER_MESSAGE = 6;

    private Tokens() {}

    /// Counts a text.
    public static long of(String text) {
        long other = text.chars().filter(c -> c >= 128).count();
        return ((text.length() - other) * 2 + 6) / 7 + other;
    }

    /// Counts the prompt of a request with everything that travels along with it.
    public static long prompt(ChatRequest request) {
        long tokens = PER_MESSAGE;
        for (ChatMessage message : request.messages()) {
            tokens += PER_MESSAGE
                    + of(
                            message.wire() == null
                                    ? message.text()
                                    : message.wire().toString());
        }
        if (request.answerSchema() != null) {
            tokens += of(request.answerSchema().toString());
        }
        return tokens + of(request.parameters().path("tools").toString());
    }
}
