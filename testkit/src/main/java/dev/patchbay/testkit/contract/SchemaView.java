package dev.patchbay.testkit.contract;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A place in a schema document, with references followed.
///
/// @param root the document
/// @param node the schema at the place
record SchemaView(JsonNode root, JsonNode node) {

    static SchemaView of(JsonNode document) {
        return new SchemaView(document, document);
    }

    private SchemaView at(JsonNode schema) {
        JsonNode target = schema;
        Set<String> seen = new HashSet<>();
        while (target.path("$ref").isString() && seen.add(target.path("$ref").stringValue())) {
            target = root.at(target.path("$ref").stringValue().substring(1));
        }
        return new SchemaView(root, target);
    }

    /// Gives the types the place takes; empty if it says none.
    Set<String> types() {
        JsonNode type = node.path("type");
        Set<String> types = new HashSet<>();
        if (type.isString()) {
            types.add(type.stringValue());
        }
        type.forEach(each -> types.add(each.asString()));
        return types;
    }

    boolean is(String type) {
        return types().contains(type);
    }

    /// Gives the constraints of a property together with those of the schema it refers to.
    Map<String, SchemaView> properties() {
        Map<String, SchemaView> properties = new LinkedHashMap<>();
        node.path("properties")
                .properties()
                .forEach(property -> properties.put(property.getKey(), at(property.getValue())));
        return properties;
    }

    boolean requires(String property) {
        for (JsonNode name : node.path("required")) {
            if (name.asString().equals(property)) {
                return true;
            }
        }
        return false;
    }

    /// Tells whether fields that are not named are refused.
    boolean isClosed() {
        JsonNode others = node.path("additionalProperties");
        return others.isBoolean() && !others.booleanValue();
    }

    /// Gives the schema of the values of a map.
    Optional<SchemaView> values() {
        JsonNode others = node.path("additionalProperties");
        return others.isObject() ? Optional.of(at(others)) : Optional.empty();
    }

    Optional<SchemaView> items() {
        JsonNode items = node.path("items");
        return items.isObject() ? Optional.of(at(items)) : Optional.empty();
    }

    Optional<BigDecimal> number(String keyword) {
        JsonNode value = node.path(keyword);
        return value.isNumber() ? Optional.of(value.decimalValue()) : Optional.empty();
    }

    int count(String keyword, int otherwise) {
        return node.path(keyword).asInt(otherwise);
    }

    boolean has(String keyword) {
        return node.has(keyword);
    }

    String text(String keyword) {
        return node.path(keyword).asString("");
    }

    List<JsonNode> choices() {
        List<JsonNode> choices = new ArrayList<>();
        if (node.has("const")) {
            choices.add(node.path("const"));
        }
        node.path("enum").forEach(choices::add);
        return choices;
    }
}
