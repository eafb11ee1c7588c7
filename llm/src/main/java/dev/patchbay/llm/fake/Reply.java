package dev.patchbay.llm.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One answer of the fake provider, and what goes wrong with it.
///
/// @param finish the finish reason in OpenAI's words
/// @param headers more headers
/// @param counted the usage that is told; null to tell none
/// @param after how many tokens come before the fault
/// @param pause waited before each token, or before everything for [Fault#SLOW_FIRST_TOKEN]
public record Reply(
        int status,
        String text,
        List<JsonNode> toolCalls,
        String finish,
        Map<String, String> headers,
        @Nullable Counted counted,
        Fault fault,
        int after,
        Duration pause) {

    /// Tokens as they are told.
    ///
    /// @param prompt all tokens of the prompt
    /// @param cached those of them that came from the cache
    public record Counted(long prompt, long cached, long output) {}

    /// Copies the collections.
    public Reply {
        toolCalls = List.copyOf(toolCalls);
        headers = Map.copyOf(headers);
    }

    /// Answers with a text, one token per word.
    public static Reply text(String text) {
        return new Reply(
                200,
                text,
                List.of(),
                "stop",
                Map.of(),
                new Counted(10, 0, pieces(text).size()),
                Fault.NONE,
                0,
                Duration.ZERO);
    }

    /// Answers with an error status and a message.
    public static Reply status(int status, String message) {
        return new Reply(status, message, List.of(), "", Map.of(), null, Fault.NONE, 0, Duration.ZERO);
    }

    /// Answers 429.
    public static Reply rateLimited(Duration retryAfter) {
        return status(429, "Too many requests").with("retry-after-ms", Long.toString(retryAfter.toMillis()));
    }

    /// Gives the same answer with a fault after some tokens.
    public Reply failing(Fault how, int afterTokens) {
        return new Reply(status, text, toolCalls, finish, headers, counted, how, afterTokens, pause);
    }

    /// Gives the same answer with a fault.
    public Reply failing(Fault how) {
        return failing(how, after);
    }

    /// Gives the same answer with a pause.
    public Reply paced(Duration wait) {
        return new Reply(status, text, toolCalls, finish, headers, counted, fault, after, wait);
    }

    /// Gives the same answer with another finish reason.
    public Reply finishing(String reason) {
        return new Reply(status, text, toolCalls, reason, headers, counted, fault, after, pause);
    }

    /// Gives the same answer with another usage; null for none.
    public Reply counting(@Nullable Counted told) {
        return new Reply(status, text, toolCalls, finish, headers, told, fault, after, pause);
    }

    /// Gives the same answer with one more header.
    public Reply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, text, toolCalls, finish, more, counted, fault, after, pause);
    }

    /// Gives the same answer calling tools, in OpenAI's form.
    public Reply calling(List<JsonNode> tools) {
        return new Reply(status, text, tools, "tool_calls", headers, counted, fault, after, pause);
    }

    List<String> tokens() {
        return pieces(text);
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 1; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1))) {
                pieces.add(text.substring(from, i));
                from = i;
            }
        }
        if (from < text.length()) {
            pieces.add(text.substring(from));
        }
        return pieces;
    }
}
