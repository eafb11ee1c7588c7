package dev.patchbay.core.schema;

import dev.patchbay.core.schema.JsonSchema.Check;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of an object: those it must have, may have and must not have.
record ObjectCheck(
        Map<String, Check> properties,
        List<String> required,
        boolean closed,
        @Nullable Check others) implements Check {

    @Override
    public void check(JsonNode value, Walk walk) {
        if (!value.isObject()) {
            return;
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            Check check = properties.get(field.getKey());
            if (check == null) {
                check = others;
            }
            if (check == null) {
                continue;
            }
            walk.enter(field.getKey());
            if (check == others && closed) {
                walk.error("is no field here" + Nearest.question(field.getKey(), properties.keySet()));
            } else {
                check.check(field.getValue(), walk);
            }
            walk.leave();
        }
        for (String name : required) {
            if (!value.has(name)) {
                walk.error(name, "is missing");
            }
        }
    }
}
