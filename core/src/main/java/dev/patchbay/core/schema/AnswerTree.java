package dev.patchbay.core.schema;

import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns a record into a tree in which what is absent is left out: an empty `Optional` or a null component is
/// not a field with the value null, and bytes are the text that stands for them, as the schema has it.
final class AnswerTree {

    private AnswerTree() {}

    static JsonNode of(JsonMapper mapper, Object answer) {
        JsonNode tree = mapper.valueToTree(answer);
        settle(tree);
        return tree;
    }

    private static void settle(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Iterator<Map.Entry<String, JsonNode>> fields =
                            object.properties().iterator();
                    fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                JsonNode value = field.getValue();
                if (value.isNull()) {
                    fields.remove();
                } else if (value.isBinary()) {
                    field.setValue(text(value));
                } else if (value.isContainer()) {
                    settle(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode item = array.get(i);
                if (item.isBinary()) {
                    array.set(i, text(item));
                } else if (item.isContainer()) {
                    settle(item);
                }
            }
        }
    }

    private static JsonNode text(JsonNode bytes) {
        return JsonNodeFactory.instance.stringNode(Base64.getEncoder().encodeToString(bytes.binaryValue()));
    }
}
