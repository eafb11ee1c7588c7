package dev.patchbay.core.schema;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Reads request bodies: JSON in UTF-8, nothing after it, no key twice, nothing deeper than allowed. Long arrays of
/// numbers become a [NumberArray].
public final class JsonReader {

    private static final Logger log = LoggerFactory.getLogger(JsonReader.class);

    private static final int NAME_LENGTH = 1_000;
    /// What the parser says about its own settings, which callers cannot change.
    private static final Pattern SETTINGS =
            Pattern.compile("(: [a-z ]*require enabling `.*)|( \\([^()]*[Ff]eature '.*)");

    private final ObjectReader reader;
    private final int depth;

    /// Makes a reader.
    ///
    /// @param maximumDepth how deep objects and arrays may be nested
    public JsonReader(int maximumDepth) {
        this.depth = maximumDepth;
        JsonFactory factory = JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maximumDepth)
                        .maxNumberLength(100)
                        .maxNameLength(NAME_LENGTH)
                        .build())
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .build();
        this.reader = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .build()
                .reader();
    }

    /// Reads a body.
    ///
    /// @throws InferenceException `malformed-request`, saying where and why
    public JsonNode read(byte[] body) {
        if (body.length == 0) {
            throw malformed("The request has no body. Send the task's JSON; GET /v1/tasks shows its schema");
        }
        try {
            JsonNode node = tree(body);
            if (node.isMissingNode()) {
                throw malformed("The request has no body. Send the task's JSON; GET /v1/tasks shows its schema");
            }
            return node;
        } catch (JacksonException e) {
            throw refused(e);
        }
    }

    private JsonNode tree(byte[] body) {
        NumberScan numbers = NumberScan.of(body);
        if (numbers != null) {
            try {
                return reader.with(numbers).readTree(numbers.left());
            } catch (JacksonException e) {
                // it is read as a whole once more, to say where the fault is
                log.trace("a body is wrong beside its numbers", e);
            }
        }
        return reader.readTree(body);
    }

    /// Opens a body, or the part of it that is JSON, for reading token by token with the same limits.
    public JsonParser open(byte[] body, int from, int length) {
        return reader.createParser(body, from, length);
    }

    /// Says where and why a parser of [#open] stopped.
    public InferenceException refused(JacksonException e) {
        return malformed(
                switch (e) {
                    case StreamConstraintsException limited -> limit(limited) + where(e);
                    case UnexpectedEndOfInputException _ -> "The JSON is cut off" + where(e);
                    default -> "The body is no valid JSON: " + reason(e) + where(e);
                });
    }

    private String limit(StreamConstraintsException e) {
        String message = e.getOriginalMessage();
        if (message.contains("nesting depth")) {
            return "The JSON is nested deeper than " + depth + " levels";
        }
        if (message.contains("Number")) {
            return "A number in the JSON has more than 100 digits";
        }
        if (message.startsWith("Name length")) {
            return "A field's name in the JSON has more than " + NAME_LENGTH + " characters";
        }
        return "The JSON goes beyond a limit: " + firstSentence(message);
    }

    private static String reason(JacksonException e) {
        String message = e.getOriginalMessage();
        if (message.startsWith("Non-standard token")) {
            return "NaN and Infinity are no JSON numbers";
        }
        if (message.startsWith("Duplicate field") || message.contains("Duplicate")) {
            return "a field is there twice";
        }
        if (message.startsWith("Trailing token")) {
            return "there is more after its end";
        }
        return firstSentence(message);
    }

    private static String firstSentence(String message) {
        int line = message.indexOf('\n');
        String first = line < 0 ? message : message.substring(0, line);
        int source = first.indexOf(" at [Source");
        return SETTINGS.matcher(source < 0 ? first : first.substring(0, source)).replaceFirst("");
    }

    private static String where(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null || at.getLineNr() < 1
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static InferenceException malformed(String message) {
        return new InferenceException(ErrorCode.MALFORMED_REQUEST, message);
    }
}
