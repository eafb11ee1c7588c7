package dev.patchbay.server.answer;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import dev.patchbay.api.InferenceException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An error as callers see it: problem details as in [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) with a
/// stable code, the fields that are wrong and the ids to find the call by.
///
/// @param requestId names the call in the gateway's log; null for errors below the level of calls
/// @param task the task asked, as far as it exists
/// @param version the version that was to answer, if one was chosen
public record Problem(
        ErrorCode code,
        String detail,
        List<FieldError> errors,
        @Nullable Duration retryAfter,
        @Nullable String requestId,
        @Nullable String traceId,
        @Nullable String task,
        @Nullable String version) {

    /// The media type of problem details in JSON.
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Makes a problem that is not about a call.
    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, detail, List.of(), null, null, null, null, null);
    }

    /// Makes a problem from an error that is not about a call.
    public static Problem of(InferenceException error) {
        return new Problem(
                error.code(),
                error.getMessage(),
                error.fields(),
                error.retryAfter().orElse(null),
                null,
                null,
                null,
                null);
    }

    /// Gives the HTTP status.
    public int status() {
        return code.httpStatus();
    }

    /// Gives the seconds for `Retry-After`: whole ones, at least one.
    public @Nullable String retryAfterSeconds() {
        return retryAfter == null
                ? null
                : Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds()));
    }

    /// Writes the problem.
    public byte[] json() {
        return json(status());
    }

    /// Writes the problem for an answer whose status is not the one of its code.
    byte[] json(int status) {
        ObjectNode node = JSON.createObjectNode();
        node.put("type", "/docs/errors#" + code.id());
        node.put("title", code.title());
        node.put("status", status);
        node.put("detail", detail);
        node.put("code", code.id());
        if (!errors.isEmpty()) {
            ArrayNode list = node.putArray("errors");
            for (FieldError error : errors) {
                list.addObject().put("path", error.path()).put("message", error.message());
            }
        }
        put(node, "task", task);
        put(node, "version", version);
        if (retryAfter != null) {
            node.put("retry_after_ms", retryAfter.toMillis());
        }
        put(node, "request_id", requestId);
        put(node, "trace_id", traceId);
        return JSON.writeValueAsBytes(node);
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }
}
