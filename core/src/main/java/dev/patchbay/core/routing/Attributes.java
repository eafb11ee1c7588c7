package dev.patchbay.core.routing;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// Where a task's routing attributes are found: in the body at the configured place, or in its top-level field
/// of the attribute's name; failing that in the caller's baggage.
final class Attributes {

    private final Map<String, JsonPointer> pointers = new HashMap<>();

    Attributes(Map<String, String> configured) {
        configured.forEach((name, pointer) -> pointers.put(name, JsonPointer.compile(pointer)));
    }

    /// Gives the attributes that the config names, as far as the call has them: as numbers and truth values if the
    /// body has them so, else as texts.
    Map<String, Object> configured(RouteQuery query) {
        Map<String, Object> found = new HashMap<>();
        pointers.forEach((name, pointer) -> {
            JsonNode node = query.body().at(pointer);
            if (node.isBoolean()) {
                found.put(name, node.booleanValue());
            } else if (node.isIntegralNumber() && node.canConvertToLong()) {
                found.put(name, node.longValue());
            } else if (node.isNumber()) {
                found.put(name, node.doubleValue());
            } else {
                String text = find(name, query);
                if (text != null) {
                    found.put(name, text);
                }
            }
        });
        return found;
    }

    @Nullable
    String find(String name, RouteQuery query) {
        JsonPointer pointer = pointers.get(name);
        JsonNode node = pointer == null ? query.body().path(name) : query.body().at(pointer);
        if (node.isValueNode() && !node.isNull()) {
            return node.asString();
        }
        return query.baggage().get(name);
    }
}
