package dev.patchbay.llm.prompt;

import dev.patchbay.api.FieldError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Holds an answer to its source: what it quotes must stand there, but for case, blanks and punctuation. An empty
/// quote says that the source does not tell.
///
/// @param quote the field of the answer that quotes; a text or a list of texts
/// @param source the field of the request that is quoted; a text or a list of texts
record Grounding(String quote, String source) {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    List<FieldError> errors(Object answer, Map<?, ?> request) {
        if (!(answer instanceof Map<?, ?> fields)) {
            return List.of();
        }
        String given = words(request.get(source));
        for (Object each : fields.get(quote) instanceof List<?> list ? list : List.of(text(fields.get(quote)))) {
            if (!given.contains(words(each))) {
                return List.of(new FieldError("/" + quote, "is not in /" + source + " of the request"));
            }
        }
        return List.of();
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static String words(@Nullable Object value) {
        StringBuilder all = new StringBuilder(" ");
        for (Object each : value instanceof List<?> list ? list : List.of(text(value))) {
            all.append(BETWEEN_WORDS
                            .matcher(text(each).toLowerCase(Locale.ROOT))
                            .replaceAll(" ")
                            .strip())
                    .append(' ');
        }
        return all.toString().isBlank() ? " " : all.toString();
    }
}
