package dev.patchbay.llm.prompt;

import dev.patchbay.api.FieldError;
import dev.patchbay.api.runtime.Folder;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/// Makes a typed answer of what a model wrote. What models usually do to JSON is undone: a fence or words around
/// it, comments, single quotes, a comma too many. What is missing is never made up.
///
/// @param value the answer; null if there is none
/// @param errors what is wrong; empty if the answer fits
record TypedAnswer(@Nullable Object value, List<FieldError> errors) {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    /// @param change done to the answer before it is checked
    static TypedAnswer of(String text, Folder.Check check, UnaryOperator<Object> change) {
        String json = json(text);
        if (json == null) {
            return wrong("holds no JSON");
        }
        Object value;
        try {
            value = MAPPER.readValue(json, Object.class);
        } catch (JacksonException e) {
            return wrong("is no JSON: " + e.getOriginalMessage());
        }
        if (value == null) {
            return wrong("is null");
        }
        Object changed = change.apply(value);
        return new TypedAnswer(changed, check.errors(changed));
    }

    private static TypedAnswer wrong(String message) {
        return new TypedAnswer(null, List.of(new FieldError("", message)));
    }

    /// Finds the JSON in a text: from the first bracket to the one that closes it.
    private static @Nullable String json(String text) {
        int from = -1;
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '{' || c == '[') {
                from = from < 0 ? i : from;
                depth++;
            } else if (from >= 0) {
                switch (c) {
                    case '"' -> quoted = true;
                    case '}', ']' -> {
                        depth--;
                        if (depth == 0) {
                            return text.substring(from, i + 1);
                        }
                    }
                    default -> {}
                }
            }
        }
        // no bracket at all: the whole may be a number or a text
        return from < 0 && !text.isBlank() ? text.strip() : null;
    }

    /// Says what is wrong, for the model that is asked again and for whoever reads the error.
    String complaint() {
        return errors.stream()
                .limit(5)
                .map(error -> (error.path().isEmpty() ? "the answer" : error.path()) + " " + error.message())
                .collect(Collectors.joining("; "));
    }
}
