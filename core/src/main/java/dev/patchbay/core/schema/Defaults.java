package dev.patchbay.core.schema;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The `default` keywords of a schema, put into documents that leave the fields out.
final class Defaults {

    private final JsonNode root;
    private final boolean any;

    Defaults(JsonNode root) {
        this.root = root;
        this.any = mentions(root);
    }

    JsonNode fill(JsonNode value) {
        return any ? fill(value, root) : value;
    }

    private JsonNode fill(JsonNode value, JsonNode schema) {
        JsonNode target = resolve(schema);
        switch (value) {
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> property :
                        target.path("properties").properties()) {
                    String name = property.getKey();
                    JsonNode given = object.get(name);
                    if (given != null) {
                        fill(given, property.getValue());
                    } else if (defaultOf(property.getValue()) instanceof JsonNode otherwise) {
                        object.set(name, fill(otherwise.deepCopy(), property.getValue()));
                    }
                }
            }
            case ArrayNode array -> {
                JsonNode items = target.path("items");
                if (items.isObject() && !array.isEmpty() && array.get(0).isContainer()) {
                    array.forEach(item -> fill(item, items));
                }
            }
            default -> {}
        }
        return value;
    }

    private @Nullable JsonNode defaultOf(JsonNode schema) {
        return schema.get("default");
    }

    private JsonNode resolve(JsonNode schema) {
        JsonNode target = schema;
        Set<String> seen = new HashSet<>();
        while (target.path("$ref").isString() && seen.add(target.path("$ref").stringValue())) {
            target = root.at(target.path("$ref").stringValue().substring(1));
        }
        return target;
    }

    private static boolean mentions(JsonNode schema) {
        if (schema.isObject() && schema.has("default")) {
            return true;
        }
        for (JsonNode child : schema) {
            if (child.isContainer() && mentions(child)) {
                return true;
            }
        }
        return false;
    }
}
