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
