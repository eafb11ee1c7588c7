package dev.patchbay.testkit.contract;

import dev.patchbay.testkit.contract.EdgeCase.Expected;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes requests at the edges of a schema out of one valid request, changing one place at a time: what must be
/// taken, and what must be refused with the path of the place.
final class Edges {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int LARGEST_ARRAY = 2_000;
    private static final int LONGEST_TEXT = 20_000;
    private static final int DEEPEST = 8;
    private static final int MOST = 400;
    private static final BigDecimal STEP = new BigDecimal("0.001");

    private final JsonNode base;
    private final List<EdgeCase> cases = new ArrayList<>();

    private Edges(JsonNode base) {
        this.base = base;
    }

    /// Makes the cases of a schema.
    ///
    /// @param base a valid request
    static List<EdgeCase> of(SchemaView schema, JsonNode base) {
        Edges edges = new Edges(base);
        edges.visit(schema, base, Place.ROOT, 0);
        return edges.cases.size() <= MOST ? edges.cases : edges.cases.subList(0, MOST);
    }

    private void visit(SchemaView schema, JsonNode value, Place place, int depth) {
        if (depth > DEEPEST) {
            return;
        }
        wrongTypes(schema, place);
        for (JsonNode choice : schema.choices()) {
            taken(place + " = " + choice, place, choice);
        }
        if (!schema.choices().isEmpty()) {
            if (schema.is("string")) {
                refused(place + " beyond its choices", place, JSON.stringNode("NO_SUCH_CHOICE"));
            }
            return;
        }
        if (schema.is("object") && value instanceof ObjectNode object) {
            fields(schema, object, place, depth);
        } else if (schema.is("array") && value instanceof ArrayNode array) {
            items(schema, array, place, depth);
        } else if (schema.is("string")) {
            texts(schema, place);
        } else if (schema.is("integer") || schema.is("number")) {
            numbers(schema, place);
        } else if (schema.is("boolean")) {
            taken(place + " = true", place, JSON.booleanNode(true));
            taken(place + " = false", place, JSON.booleanNode(false));
        }
    }

    private void wrongTypes(SchemaView schema, Place place) {
        if (schema.types().isEmpty()) {
            return;
        }
        if (!schema.is("null")) {
            refused(place + " = null", place, JSON.nullNode());
        }
        if (!schema.is("string")) {
            refused(place + " as a text", place, JSON.stringNode("text"));
        } else if (!schema.is("number") && !schema.is("integer")) {
            refused(place + " as a number", place, JSON.numberNode(7));
        }
        if (schema.is("integer") && !schema.is("number")) {
            refused(place + " as a fraction", place, JSON.numberNode(new BigDecimal("0.5")));
        }
        if (!schema.is("array")) {
            refused(place + " as a list", place, JSON.arrayNode());
        }
        if (!schema.is("object")) {
            refused(place + " as an object", place, JSON.objectNode());
        }
    }

    private void fields(SchemaView schema, ObjectNode object, Place place, int depth) {
        for (Map.Entry<String, SchemaView> property : schema.properties().entrySet()) {
            String name = property.getKey();
            Place field = place.field(name);
            boolean present = object.has(name);
            if (schema.requires(name)) {
                without("it without " + field, field, new Expected.Refused(field.pointer()));
            } else if (present) {
                without("it without " + field, field, new Expected.Taken());
            }
            if (present) {
                visit(property.getValue(), object.get(name), field, depth + 1);
            } else {
                Optional<JsonNode> sample = Sample.of(property.getValue());
                sample.ifPresent(value -> taken("it with " + field, field, value));
            }
        }
        Place unknown = place.field("unknown_field");
        if (schema.isClosed()) {
            refused("the unknown field " + unknown, unknown, JSON.stringNode("text"));
        } else if (schema.values().isEmpty()) {
            taken("the unknown field " + unknown, unknown, JSON.stringNode("text"));
        } else if (schema.count("minProperties", 0) == 0 && schema.properties().isEmpty()) {
            taken(place + " empty", place, JSON.objectNode());
        }
        if (schema.values().isPresent() && !object.isEmpty()) {
            Map.Entry<String, JsonNode> first = object.properties().iterator().next();
            visit(schema.values().get(), first.getValue(), place.field(first.getKey()), depth + 1);
        }
    }

    private void items(SchemaView schema, ArrayNode array, Place place, int depth) {
        int least = schema.count("minItems", 0);
        int most = schema.count("maxItems", Integer.MAX_VALUE);
        if (least == 0) {
            taken(place + " empty", place, JSON.arrayNode());
        } else {
            refused(place + " empty", place, JSON.arrayNode());
        }
        JsonNode item = array.isEmpty() ? schema.items().flatMap(Sample::of).orElse(null) : array.get(0);
        if (item == null) {
            return;
        }
        if (least > 1) {
            taken(place + " with " + least + " items (the fewest)", place, list(item, least));
            refused(place + " with " + (least - 1) + " items", place, list(item, least - 1));
        } else if (least <= 1 && most >= 1) {
            taken(place + " with one item", place, list(item, 1));
        }
        if (most <= LARGEST_ARRAY) {
            taken(place + " with " + most + " items (the most)", place, list(item, most));
            refused(place + " with " + (most + 1) + " items", place, list(item, most + 1));
        } else if (most >= 100) {
            taken(place + " with 100 items", place, list(item, 100));
        }
        if (!array.isEmpty() && schema.items().isPresent()) {
            visit(schema.items().get(), item, place.item(0), depth + 1);
        }
    }

    /// Repeats an item. A list of equal items is what naive code divides by zero on.
    private static ArrayNode list(JsonNode item, int size) {
        ArrayNode array = JSON.arrayNode(size);
        for (int i = 0; i < size; i++) {
            array.add(item.deepCopy());
        }
        return array;
    }

    /// Makes values that differ, where that is easy.
    static JsonNode distinct(JsonNode item, int number) {
        return switch (item) {
            case JsonNode text when text.isString() -> JSON.stringNode(text.stringValue() + number);
            case JsonNode whole when whole.isIntegralNumber() -> JSON.numberNode(whole.longValue() + number);
            default -> item.deepCopy();
        };
    }

    private void texts(SchemaView schema, Place place) {
        int least = schema.count("minLength", 0);
        int most = schema.count("maxLength", Integer.MAX_VALUE);
        if (schema.has("format")) {
            refused(
                    place + " that is no " + schema.text("format"),
                    place,
                    JSON.stringNode("no " + schema.text("format")));
            return;
        }
        if (schema.has("pattern") || schema.has("contentEncoding")) {
            if (least == 0) {
                unlessForbidden(place + " empty", place, JSON.stringNode(""));
            }
            return;
        }
        if (least == 0) {
            taken(place + " empty", place, JSON.stringNode(""));
        } else {
            refused(place + " shorter than " + least, place, JSON.stringNode("a".repeat(least - 1)));
            taken(place + " with " + least + " characters (the fewest)", place, JSON.stringNode("a".repeat(least)));
        }
        if (most <= LONGEST_TEXT) {
            taken(place + " with " + most + " characters (the most)", place, JSON.stringNode("a".repeat(most)));
            refused(place + " longer than " + most, place, JSON.stringNode("a".repeat(most + 1)));
        } else {
            taken(place + " with " + LONGEST_TEXT + " characters", place, JSON.stringNode("a".repeat(LONGEST_TEXT)));
        }
        if (least <= 8 && most >= 8) {
            taken(place + " in other scripts", place, JSON.stringNode("Żółć 猫🐈"));
        }
    }

    private void numbers(SchemaView schema, Place place) {
        boolean whole = schema.is("integer") && !schema.is("number");
        BigDecimal step = schema.number("multipleOf").orElse(whole ? BigDecimal.ONE : STEP);
        schema.number("minimum").ifPresent(least -> {
            bound(place, least, "the minimum");
            refused(place + " below " + least.toPlainString(), place, number(least.subtract(step), whole));
        });
        schema.number("maximum").ifPresent(most -> {
            bound(place, most, "the maximum");
            refused(place + " above " + most.toPlainString(), place, number(most.add(step), whole));
        });
        schema.number("exclusiveMinimum").ifPresent(least -> {
            refused(place + " = " + least.toPlainString(), place, number(least, whole));
            unlessForbidden(place + " just above " + least.toPlainString(), place, number(least.add(step), whole));
        });
        schema.number("exclusiveMaximum").ifPresent(most -> {
            refused(place + " = " + most.toPlainString(), place, number(most, whole));
            unlessForbidden(place + " just below " + most.toPlainString(), place, number(most.subtract(step), whole));
        });
        for (BigDecimal often : List.of(BigDecimal.ZERO, BigDecimal.ONE, BigDecimal.ONE.negate())) {
            unlessForbidden(place + " = " + often, place, number(often, whole));
        }
        if (!whole
                && schema.number("maximum").isEmpty()
                && schema.number("exclusiveMaximum").isEmpty()) {
            unlessForbidden(place + " = 1e12", place, number(new BigDecimal("1e12"), false));
        }
    }

    private void bound(Place place, BigDecimal value, String which) {
        unlessForbidden(
                place + " = " + value.toPlainString() + " (" + which + ")", place, number(value, value.scale() <= 0));
    }

    private static JsonNode number(BigDecimal value, boolean whole) {
        if (!whole) {
            return JSON.numberNode(value);
        }
        BigInteger integer = value.toBigInteger();
        return integer.bitLength() < Long.SIZE ? JSON.numberNode(integer.longValue()) : JSON.numberNode(integer);
    }

    private void taken(String name, Place place, JsonNode value) {
        cases.add(new EdgeCase(name, place.set(base, value), new Expected.Taken()));
    }

    /// Adds a case whose value other keywords of the place may forbid; whoever runs it asks the schema first.
    private void unlessForbidden(String name, Place place, JsonNode value) {
        taken(name, place, value);
    }

    private void refused(String name, Place place, JsonNode value) {
        cases.add(new EdgeCase(name, place.set(base, value), new Expected.Refused(place.pointer())));
    }

    private void without(String name, Place place, Expected expected) {
        cases.add(new EdgeCase(name, place.remove(base), expected));
    }
}
