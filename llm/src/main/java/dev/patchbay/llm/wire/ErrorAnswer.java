package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a provider says when it refuses or fails.
///
/// @param code its word for the error; empty if it has none
record ErrorAnswer(String code, String message) {

    private static final int LONGEST = 300;

    /// Reads an error in any of the forms providers use: an object or a text under `error`, or an object of its own.
    static ErrorAnswer of(JsonNode answer) {
        JsonNode error = answer.path("error");
        if (error.isString()) {
            return new ErrorAnswer("", error.stringValue());
        }
        JsonNode node = error.isObject() ? error : answer;
        String code = node.path("code").isString() ? node.path("code").stringValue() : "";
        return new ErrorAnswer(
                code.isEmpty() ? node.path("type").asString("") : code,
                node.path("message").asString(""));
    }

    /// Tells whether something that came in place of an answer is an error.
    static boolean isError(JsonNode answer) {
        JsonNode error = answer.path("error");
        return (error.isObject() || error.isString())
                || answer.path("object").asString("").equals("error")
                || answer.path("type").asString("").equals("error");
    }

    /// Makes a failure of an error that came instead of a good status.
    ProviderFailure failure(String provider, int status, @Nullable Duration retryAfter) {
        Kind kind = kind(status);
        // a refused key is often repeated in the message
        String said = kind == Kind.KEY_REFUSED || message.isBlank() ? "" : ": " + shortened();
        return new ProviderFailure(
                kind,
                provider,
                "Provider '%s' answered %d (%s)%s".formatted(provider, status, kind.label(), said),
                retryAfter,
                null,
                null);
    }

    /// Makes a failure of an error that came inside a good answer.
    ProviderFailure inside(String provider) {
        Kind known = filtered() ? Kind.CONTENT_FILTERED : Kind.ERROR_IN_STREAM;
        return new ProviderFailure(
                known,
                provider,
                "Provider '%s' sent an error in place of an answer%s"
                        .formatted(provider, message.isBlank() ? "" : ": " + shortened()),
                null,
                null,
                null);
    }

    private Kind kind(int status) {
        String all = (code + " " + message).toLowerCase(Locale.ROOT);
        if (status == 401 || status == 403) {
            return Kind.KEY_REFUSED;
        }
        if (code.equals("insufficient_quota") || status == 402) {
            return Kind.QUOTA;
        }
        if (status == 429) {
            return Kind.RATE_LIMITED;
        }
        if (status == 404) {
            return Kind.UNKNOWN_MODEL;
        }
        if (status == 413 || all.contains("context_length") || all.contains("prompt is too long")) {
            return Kind.TOO_LONG;
        }
        if (filtered()) {
            return Kind.CONTENT_FILTERED;
        }
        return status >= 500 || status == 408 || status == 409 ? Kind.OVERLOADED : Kind.BAD_REQUEST;
    }

    private boolean filtered() {
        return code.contains("content_filter") || code.contains("content_policy");
    }

    private String shortened() {
        String line = message.lines().findFirst().orElse("").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
