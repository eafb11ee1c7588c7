package dev.patchbay.core.schema;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes schemas of the keywords that are known here, and documents that nearly fit them.
final class RandomSchemas {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> TEXTS = List.of("", "a", "ab", "äöü", "👍👍", "12", "cat");

    private final Random random;

    RandomSchemas(long seed) {
        random = new Random(seed);
    }

    JsonNode schema(int depth) {
        ObjectNode schema = NODES.objectNode();
        int kind = random.nextInt(depth > 0 ? 9 : 5);
        switch (kind) {
            case 0 -> number(schema, "integer");
            case 1 -> number(schema, "number");
            case 2 -> text(schema);
            case 3 -> schema.put("type", random.nextBoolean() ? "boolean" : "null");
            case 4 -> choice(schema);
            case 5 -> list(schema, depth);
            case 6, 7 -> object(schema, depth);
            default -> combined(schema, depth);
        }
        return schema;
    }

    private void number(ObjectNode schema, String type) {
        schema.put("type", type);
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", random.nextInt(5) - 2);
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", random.nextInt(5));
        }
        if (random.nextInt(4) == 0) {
            schema.put("multipleOf", random.nextBoolean() ? 2 : 1);
        }
    }

    private void text(ObjectNode schema) {
        schema.put("type", "string");
        if (random.nextBoolean()) {
            schema.put("minLength", random.nextInt(3));
        }
        if (random.nextBoolean()) {
            schema.put("maxLength", 1 + random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
            schema.put("pattern", random.nextBoolean() ? "^[a-z]+$" : "\\d");
        }
    }

    private void choice(ObjectNode schema) {
        if (random.nextBoolean()) {
            schema.set("const", document(NODES.objectNode(), 1));
        } else {
            ArrayNode values = schema.putArray("enum");
            for (int i = 0; i <= random.nextInt(3); i++) {
                values.add(document(NODES.objectNode(), 1));
            }
        }
    }

    private void list(ObjectNode schema, int depth) {
        schema.put("type", "array");
        if (random.nextInt(3) == 0) {
            ArrayNode first = schema.putArray("prefixItems");
            first.add(schema(depth - 1));
        }
        schema.set("items", schema(depth - 1));
        if (random.nextBoolean()) {
            schema.put("minItems", random.nextInt(3));
        }
        if (random.nextBoolean()) {
            schema.put("maxItems", random.nextInt(4));
        }
        if (random.nextInt(3) == 0) {
            schema.put("uniqueItems", true);
        }
    }

    private void object(ObjectNode schema, int depth) {
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (String name : NAMES) {
            if (random.nextBoolean()) {
                properties.set(name, schema(depth - 1));
            }
        }
        if (random.nextBoolean()) {
            schema.putArray("required").add(NAMES.get(random.nextInt(3)));
        }
        switch (random.nextInt(4)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.set("additionalProperties", schema(depth - 1));
            default -> {}
        }
        if (random.nextInt(4) == 0) {
            schema.put("minProperties", random.nextInt(3));
        }
        if (random.nextInt(4) == 0) {
            schema.put("maxProperties", random.nextInt(3));
        }
        if (random.nextInt(5) == 0) {
            schema.putObject("propertyNames").put("pattern", "^[ab]$");
        }
    }

    private void combined(ObjectNode schema, int depth) {
        if (random.nextInt(4) == 0) {
            schema.set("not", schema(depth - 1));
            return;
        }
        ArrayNode options = schema.putArray(List.of("allOf", "anyOf", "oneOf").get(random.nextInt(3)));
        for (int i = 0; i <= random.nextInt(3); i++) {
            options.add(schema(depth - 1));
        }
    }

    /// Makes a document that has the schema's shape more often than not.
    JsonNode document(JsonNode schema, int depth) {
        String type = schema.path("type").asString(random.nextInt(4) == 0 ? "array" : "any");
        if (random.nextInt(10) == 0) {
            type = "any";
        }
        return switch (type) {
            case "integer" -> NODES.numberNode(random.nextInt(8) - 3);
            case "number" ->
                NODES.numberNode(new java.math.BigDecimal(
                        List.of("0.5", "1", "2.0", "-1.5", "3").get(random.nextInt(5))));
            case "string" -> NODES.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "null" -> NODES.nullNode();
            case "array" -> {
                ArrayNode list = NODES.arrayNode();
                for (int i = 0; i < random.nextInt(4); i++) {
                    list.add(document(schema.path("items"), depth - 1));
                }
                yield list;
            }
            case "object" -> {
                ObjectNode object = NODES.objectNode();
                for (String name : NAMES) {
                    if (random.nextInt(3) > 0) {
                        object.set(name, document(schema.path("properties").path(name), depth - 1));
                    }
                }
                yield object;
            }
            default -> anything(schema, depth);
        };
    }

    private JsonNode anything(JsonNode schema, int depth) {
        for (String keyword : List.of("allOf", "anyOf", "oneOf", "enum")) {
            JsonNode options = schema.path(keyword);
            if (!options.isEmpty() && random.nextInt(4) > 0) {
                JsonNode option = options.get(random.nextInt(options.size()));
                return keyword.equals("enum") ? option : document(option, depth);
            }
        }
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> NODES.numberNode(random.nextInt(4) - 1);
            case 1 -> NODES.numberNode(new java.math.BigDecimal("1.0"));
            case 2 -> NODES.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
            case 3 -> NODES.booleanNode(random.nextBoolean());
            case 4 -> NODES.nullNode();
            case 5 -> NODES.arrayNode().add(anything(schema, depth - 1));
            default -> NODES.objectNode().set("a", anything(schema, depth - 1));
        };
    }
}
