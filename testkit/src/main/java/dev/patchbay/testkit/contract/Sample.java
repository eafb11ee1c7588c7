package dev.patchbay.testkit.contract;

import dev.patchbay.core.schema.JsonSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes a plain valid value for a schema: nothing extreme, optional fields included.
final class Sample {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEEPEST = 6;
    private static final int LONGEST = 1_000;
    private static final List<String> TEXTS = List.of(
            "text",
            "A1",
            "a",
            "1",
            "12345",
            "AB",
            "abc-1",
            "a_b",
            "DE",
            "0",
            "EUR",
            "ABCD",
            "ABCDE",
            "AB-123",
            "123",
            "1234",
            "1.0.0",
            "+4930123456",
            "#a0b1c2",
            "0f0e6a52",
            "/a/b",
            "ada@example.org");
    private static final Map<String, String> FORMATS = Map.of(
            "date-time", "2026-03-02T18:30:00Z",
            "date", "2026-03-02",
            "time", "18:30:00Z",
            "local-time", "18:30:00",
            "duration", "PT30S",
            "uuid", "0f0e6a52-7d2b-4f0a-9a44-3d1f0c7f6b11",
            "email", "ada@example.org",
            "uri", "https://example.org/");

    private Sample() {}

    /// Makes a value; empty if none can be made up, as for most patterns.
    static Optional<JsonNode> of(SchemaView schema) {
        return of(schema, 0);
    }

    /// Says why none can be made up, to go on a sentence with; blank if that is not known.
    static String obstacle(SchemaView schema) {
        Optional<JsonNode> made = of(schema);
        if (made.isPresent()) {
            return JsonSchema.compile(schema.node()).check(made.get()).stream()
                    .findFirst()
                    .map(error -> ": of the one made up, %s %s".formatted(error.path(), error.message()))
                    .orElse("");
        }
        return obstacle(schema, "", 0);
    }

    private static String obstacle(SchemaView schema, String path, int depth) {
        if (depth > DEEPEST) {
            return ": " + path + " is nested too deep";
        }
        for (Map.Entry<String, SchemaView> property : schema.properties().entrySet()) {
            if (schema.requires(property.getKey())
                    && of(property.getValue(), depth + 1).isEmpty()) {
                return obstacle(property.getValue(), path + "/" + property.getKey(), depth + 1);
            }
        }
        if (schema.is("array") && schema.items().isPresent()) {
            return obstacle(schema.items().get(), path + "/0", depth + 1);
        }
        return schema.has("pattern")
                ? ": %s must match %s, and no text that does was found".formatted(path, schema.text("pattern"))
                : path.isEmpty() ? "" : ", because of " + path;
    }

    private static Optional<JsonNode> of(SchemaView schema, int depth) {
        if (depth > DEEPEST) {
            return Optional.empty();
        }
        List<JsonNode> choices = schema.choices();
        if (!choices.isEmpty()) {
            return Optional.of(choices.getFirst());
        }
        if (schema.has("default")) {
            return Optional.of(schema.node().path("default"));
        }
        if (schema.is("object")) {
            return object(schema, depth);
        }
        if (schema.is("array")) {
            return array(schema, depth);
        }
        if (schema.is("string")) {
            return text(schema).map(JSON::stringNode);
        }
        if (schema.is("integer")) {
            return Optional.of(JSON.numberNode(
                    number(schema).setScale(0, RoundingMode.CEILING).toBigInteger()));
        }
        if (schema.is("number")) {
            return Optional.of(JSON.numberNode(number(schema)));
        }
        return schema.is("boolean") || schema.types().isEmpty()
                ? Optional.of(JSON.booleanNode(true))
                : Optional.of(JSON.nullNode());
    }

    private static Optional<JsonNode> object(SchemaView schema, int depth) {
        ObjectNode object = JSON.objectNode();
        for (Map.Entry<String, SchemaView> property : schema.properties().entrySet()) {
            Optional<JsonNode> value = of(property.getValue(), depth + 1);
            if (value.isPresent()) {
                object.set(property.getKey(), value.get());
            } else if (schema.requires(property.getKey())) {
                return Optional.empty();
            }
        }
        Optional<SchemaView> values = schema.values();
        if (values.isPresent()) {
            for (int i = object.size(); i < Math.max(1, schema.count("minProperties", 0)); i++) {
                Optional<JsonNode> value = of(values.get(), depth + 1);
                if (value.isPresent()) {
                    object.set("key" + i, value.get());
                }
            }
        }
        return Optional.of(object);
    }

    private static Optional<JsonNode> array(SchemaView schema, int depth) {
        int least = schema.count("minItems", 0);
        int wanted = Math.min(Math.max(least, 1), schema.count("maxItems", Integer.MAX_VALUE));
        ArrayNode array = JSON.arrayNode();
        Optional<JsonNode> item = schema.items().flatMap(items -> of(items, depth + 1));
        if (item.isEmpty()) {
            return least == 0 ? Optional.of(array) : Optional.empty();
        }
        List<JsonNode> choices = schema.items().map(SchemaView::choices).orElse(List.of());
        for (int i = 0; i < wanted; i++) {
            if (!schema.has("uniqueItems") || i == 0) {
                array.add(item.get().deepCopy());
            } else {
                array.add(i < choices.size() ? choices.get(i) : Edges.distinct(item.get(), i));
            }
        }
        return Optional.of(array);
    }

    private static Optional<String> text(SchemaView schema) {
        String format = schema.text("format");
        if (!format.isEmpty()) {
            return Optional.ofNullable(FORMATS.get(format));
        }
        int least = schema.count("minLength", 0);
        int most = schema.count("maxLength", Integer.MAX_VALUE);
        Pattern pattern = schema.has("pattern") ? Pattern.compile(schema.text("pattern")) : null;
        for (String text : TEXTS) {
            String fitted = fit(text, least, most);
            if (pattern == null || pattern.matcher(fitted).find()) {
                return Optional.of(fitted);
            }
        }
        return Optional.empty();
    }

    private static String fit(String text, int least, int most) {
        String longer = text.length() >= least ? text : text.repeat(Math.min(least, LONGEST) / text.length() + 1);
        return longer.substring(
                0, Math.min(longer.length(), Math.max(most == Integer.MAX_VALUE ? longer.length() : most, 0)));
    }

    private static BigDecimal number(SchemaView schema) {
        BigDecimal low = schema.number("minimum")
                .or(() -> schema.number("exclusiveMinimum"))
                .orElse(null);
        BigDecimal high = schema.number("maximum")
                .or(() -> schema.number("exclusiveMaximum"))
                .orElse(null);
        BigDecimal step = schema.number("multipleOf").orElse(null);
        BigDecimal value = between(low, high);
        if (schema.is("integer")) {
            value = value.setScale(0, RoundingMode.HALF_UP);
        }
        if (step != null) {
            BigInteger times = value.divide(step, 0, RoundingMode.CEILING).toBigInteger();
            value = step.multiply(new BigDecimal(times));
        }
        return value.stripTrailingZeros();
    }

    /// Chooses near the lower end: the upper one is often only the end of the type.
    private static BigDecimal between(@Nullable BigDecimal low, @Nullable BigDecimal high) {
        if (low != null && low.signum() >= 0) {
            BigDecimal room = high == null ? BigDecimal.TEN : high.subtract(low).min(BigDecimal.valueOf(20));
            return low.add(room.divide(BigDecimal.TWO, 6, RoundingMode.HALF_UP));
        }
        if (high != null && high.signum() <= 0) {
            return high.subtract(BigDecimal.ONE);
        }
        return high != null && high.compareTo(BigDecimal.ONE) < 0 ? BigDecimal.ZERO : BigDecimal.ONE;
    }
}
