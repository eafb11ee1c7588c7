package dev.patchbay.core.schema;

import dev.patchbay.core.schema.JsonSchema.Check;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks of single values.
final class ValueChecks {

    /// A pattern is tried on short texts only, because a bad one takes exponential time.
    private static final int PATTERN_LENGTH = 10_000;

    /// What `@NotBlank` becomes; it takes no longer than the text.
    private static final String NOT_BLANK = "\\S";

    private static final int LARGEST_SCALE = 1_000;

    private ValueChecks() {}

    static Check oneOf(List<JsonNode> values) {
        String list = values.stream().limit(20).map(JsonNode::toString).collect(Collectors.joining(", "));
        String wanted = values.size() == 1 ? "must be " + list : "must be one of " + list;
        return (value, walk) -> {
            for (JsonNode allowed : values) {
                if (same(allowed, value)) {
                    return;
                }
            }
            walk.error(wanted + ", but is " + TypeCheck.describe(value));
        };
    }

    /// Compares as the specification does: numbers by their value, however they are written.
    static boolean same(JsonNode a, JsonNode b) {
        return a.equals(ValueChecks::compareValues, b);
    }

    private static int compareValues(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }

    /// Gives a value that equals that of every other way to write the same.
    static JsonNode canonical(JsonNode value) {
        return switch (value) {
            case NumericNode number ->
                JsonNodeFactory.instance.numberNode(number.decimalValue().stripTrailingZeros());
            case ArrayNode list -> {
                ArrayNode canonical = JsonNodeFactory.instance.arrayNode();
                list.forEach(item -> canonical.add(canonical(item)));
                yield canonical;
            }
            case ObjectNode object -> {
                ObjectNode canonical = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(entry -> canonical.set(entry.getKey(), canonical(entry.getValue())));
                yield canonical;
            }
            default -> value;
        };
    }

    static Check multipleOf(BigDecimal step) {
        return (value, walk) -> {
            if (!value.isNumber()) {
                return;
            }
            BigDecimal number = value.decimalValue();
            // dividing 1e999999999 would take forever
            if (Math.abs(number.scale()) > LARGEST_SCALE
                    || number.remainder(step).signum() != 0) {
                walk.error("must be a multiple of " + step.toPlainString() + ", but is " + TypeCheck.describe(value));
            }
        };
    }

    static Check length(int least, int most) {
        return (value, walk) -> {
            if (!value.isString()) {
                return;
            }
            String text = value.stringValue();
            int length = text.length();
            if (length < least || length > most) {
                length = text.codePointCount(0, length);
                if (length < least) {
                    walk.error("must have at least " + least + (least == 1 ? " character" : " characters")
                            + ", but has " + length);
                } else if (length > most) {
                    walk.error("must have at most " + most + " characters, but has " + length);
                }
            } else if (least > 1 && text.codePointCount(0, length) < least) {
                walk.error("must have at least " + least + " characters, but has " + text.codePointCount(0, length));
            }
        };
    }

    static Check pattern(Pattern pattern) {
        int longest = pattern.pattern().equals(NOT_BLANK) ? Integer.MAX_VALUE : PATTERN_LENGTH;
        return (value, walk) -> {
            if (!value.isString()) {
                return;
            }
            String text = value.stringValue();
            if (text.length() > longest) {
                walk.error("is too long to be checked: it has " + text.length() + " characters");
            } else if (!pattern.matcher(text).find()) {
                walk.error("must match " + pattern.pattern() + ", but is " + TypeCheck.describe(value));
            }
        };
    }
}
