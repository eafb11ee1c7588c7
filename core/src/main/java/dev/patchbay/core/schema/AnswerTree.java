package dev.patchbay.core.schema;

import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Turns a record into a tree in which what is absent is left out: an empty `Optional` or a null component is
/// not a field with the value null.
final class AnswerTree {

    private AnswerTree() {}

    static JsonNode of(JsonMapper mapper, Object answer) {
        JsonNode tree = mapper.valueToTree(answer);
        dropNulls(tree);
        return tree;
    }

    private static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Iterator<Map.Entry<String, JsonNode>> fields =
                            object.properties().iterator();
                    fields.hasNext(); ) {
                JsonNode value = fields.next().getValue();
                if (value.isNull()) {
                    fields.remove();
                } else if (value.isContainer()) {
                    dropNulls(value);
                }
            }
        } else if (node.isArray()) {
            for (JsonNode item : node) {
                if (item.isContainer()) {
                    dropNulls(item);
                }
            }
        }
    }
}
