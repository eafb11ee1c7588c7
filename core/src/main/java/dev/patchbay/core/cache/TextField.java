package dev.patchbay.core.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Where a request has the text that is compared by its meaning: a JSON Pointer in which `-` is the last of a list.
record TextField(List<String> steps) {

    private static final JsonNode TAKEN_OUT = StringNode.valueOf("");

    static TextField at(String pointer) {
        List<String> steps = new ArrayList<>();
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return new TextField(List.copyOf(steps));
    }

    /// A request taken apart.
    ///
    /// @param rest all else of it, which says nothing about the text
    record Parted(String text, JsonNode rest) {}

    /// Takes a request apart; it is not changed.
    ///
    /// @return null if it has no text there
    @Nullable
    Parted part(JsonNode request) {
        return part(request, 0);
    }

    private @Nullable Parted part(JsonNode node, int depth) {
        if (depth == steps.size()) {
            return node.isString() ? new Parted(node.stringValue(), TAKEN_OUT) : null;
        }
        String step = steps.get(depth);
        return switch (node) {
            case ObjectNode object -> {
                Parted inside = part(object.path(step), depth + 1);
                if (inside == null) {
                    yield null;
                }
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                copy.setAll(object);
                copy.set(step, inside.rest());
                yield new Parted(inside.text(), copy);
            }
            case ArrayNode array -> {
                int index =
                        step.equals("-") ? array.size() - 1 : step.matches("[0-9]{1,9}") ? Integer.parseInt(step) : -1;
                Parted inside = index < 0 ? null : part(array.path(index), depth + 1);
                if (inside == null) {
                    yield null;
                }
                ArrayNode copy = JsonNodeFactory.instance.arrayNode().addAll(array);
                copy.set(index, inside.rest());
                yield new Parted(inside.text(), copy);
            }
            default -> null;
        };
    }
}
