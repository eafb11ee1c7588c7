package dev.patchbay.core.tensor;

import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.core.schema.JsonValues;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes the JSON Schemas of a model's request and answer from its tensors.
final class TensorSchemas {

    private TensorSchemas() {}

    static ObjectNode request(List<Port> inputs) {
        ObjectNode root = object();
        for (Port input : inputs) {
            place(
                    root,
                    input,
                    values(input.spec(), input.rowShape()),
                    input.spec().optional());
        }
        return root;
    }

    static ObjectNode response(List<Port> outputs, Map<String, List<String>> labels) {
        ObjectNode root = object();
        for (Port output : outputs) {
            List<String> names = labels.get(output.spec().name());
            place(root, output, names == null ? answer(output) : scores(names), false);
        }
        return root;
    }

    private static ObjectNode answer(Port output) {
        List<Long> shape = output.rowShape();
        boolean scalar = shape.stream().allMatch(size -> size == 1);
        return values(output.spec(), scalar ? List.of() : shape);
    }

    private static ObjectNode scores(List<String> names) {
        ObjectNode schema = object();
        ArrayNode labels = schema.withObject("properties")
                .putObject("label")
                .put("type", "string")
                .putArray("enum");
        names.forEach(labels::add);
        schema.withObject("properties")
                .putObject("scores")
                .put("type", "object")
                .putObject("additionalProperties")
                .put("type", "number");
        schema.withArray("required").add("label").add("scores");
        return schema;
    }

    private static void place(ObjectNode root, Port port, ObjectNode schema, boolean optional) {
        ObjectNode at = root;
        List<String> path = port.path();
        for (String step : path.subList(0, path.size() - 1)) {
            if (!optional) {
                require(at, step);
            }
            ObjectNode properties = at.withObject("properties");
            if (!properties.has(step)) {
                properties.set(step, object());
            }
            at = (ObjectNode) properties.get(step);
        }
        if (!optional) {
            require(at, path.getLast());
        }
        at.withObject("properties").set(path.getLast(), schema);
    }

    private static void require(ObjectNode schema, String field) {
        ArrayNode required = schema.withArray("required");
        for (var name : required) {
            if (name.asString().equals(field)) {
                return;
            }
        }
        required.add(field);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode().put("type", "object").put("additionalProperties", false);
    }

    private static ObjectNode values(TensorSpec spec, List<Long> shape) {
        if (shape.isEmpty()) {
            ObjectNode value = value(spec.type());
            value.setAll((ObjectNode) JsonValues.tree(spec.values()));
            return value;
        }
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
        long size = shape.getFirst();
        if (size >= 0) {
            schema.put("minItems", size).put("maxItems", size);
        }
        schema.set("items", values(spec, shape.subList(1, shape.size())));
        return schema;
    }

    private static ObjectNode value(TensorType type) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        return switch (type) {
            case BOOL -> schema.put("type", "boolean");
            case BYTES -> schema.put("type", "string");
            case FP16, BF16, FP32, FP64 -> schema.put("type", "number");
            default -> {
                IntegerRange range = IntegerRange.of(type);
                yield schema.put("type", "integer")
                        .put("minimum", range.least())
                        .put("maximum", range.most());
            }
        };
    }
}
