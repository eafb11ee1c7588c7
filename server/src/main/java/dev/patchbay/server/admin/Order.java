package dev.patchbay.server.admin;

import dev.patchbay.api.InferenceException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an operator wants done: who wants it and why goes into the history, the log and onto terminals.
///
/// @param reason null if none is given
record Order(String author, @Nullable String reason) {

    private static final int LONGEST_AUTHOR = 100;
    private static final int LONGEST_REASON = 1_000;
    /// Signs what the gateway does by itself.
    private static final String GUARD = "guard";

    /// Reads an order. One that is not understood must not become another one, such as to take the next step instead of
    /// the one that is named by a misspelt field.
    ///
    /// @param fields that there are
    /// @throws InferenceException `invalid-request`, naming the field
    static Order read(JsonNode body, List<String> fields) {
        checkFields(body, fields);
        String author = text(body, "author", LONGEST_AUTHOR);
        if (GUARD.equals(author)) {
            throw InferenceException.invalid("/author", "is the name that the gateway signs its own decisions with");
        }
        return new Order(Objects.requireNonNullElse(author, "admin"), text(body, "reason", LONGEST_REASON));
    }

    static void checkFields(JsonNode body, List<String> fields) {
        if (!body.isObject()) {
            throw InferenceException.invalid("", "must be an object with some of " + String.join(", ", fields));
        }
        for (String field : body.propertyNames()) {
            if (!fields.contains(field)) {
                throw InferenceException.invalid(
                        "/" + field, "is no field here. There are " + String.join(", ", fields));
            }
        }
    }

    String requireReason() {
        if (reason == null) {
            throw InferenceException.invalid("/reason", "says why, for the history, and is missing");
        }
        return reason;
    }

    private static @Nullable String text(JsonNode body, String field, int longest) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw InferenceException.invalid("/" + field, "must be text");
        }
        String text = value.stringValue().strip();
        if (text.length() > longest) {
            throw InferenceException.invalid("/" + field, "must have at most %d characters".formatted(longest));
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw InferenceException.invalid("/" + field, "must be one line without control characters");
        }
        return text.isEmpty() ? null : text;
    }
}
