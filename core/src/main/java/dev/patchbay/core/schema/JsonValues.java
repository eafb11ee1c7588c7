package dev.patchbay.core.schema;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON in plain Java, for parts of the host that share no JSON library: maps, lists, strings, booleans, numbers, null.
public final class JsonValues {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private JsonValues() {}

    /// Gives a tree as plain Java.
    public static Object of(JsonNode tree) {
        return MAPPER.treeToValue(tree, Object.class);
    }

    /// Gives an object as plain Java.
    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(JsonNode object) {
        return (Map<String, Object>) MAPPER.treeToValue(object, Map.class);
    }

    /// Gives plain Java as a tree.
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }
}
