package dev.patchbay.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A place in a document: names of fields and numbers of items on the way to it.
record Place(List<Object> steps) {

    static final Place ROOT = new Place(List.of());

    Place field(String name) {
        return with(name);
    }

    Place item(int index) {
        return with(index);
    }

    private Place with(Object step) {
        List<Object> longer = new ArrayList<>(steps);
        longer.add(step);
        return new Place(List.copyOf(longer));
    }

    /// Gives a copy of a document with another value at this place.
    JsonNode set(JsonNode document, JsonNode value) {
        if (steps.isEmpty()) {
            return value.deepCopy();
        }
        JsonNode copy = document.deepCopy();
        switch (parent(copy)) {
            case ObjectNode object -> object.set((String) steps.getLast(), value.deepCopy());
            case ArrayNode array -> array.set((int) steps.getLast(), value.deepCopy());
            default -> throw new IllegalStateException("nothing can be set at " + this);
        }
        return copy;
    }

    /// Gives a copy of a document without the field at this place.
    JsonNode remove(JsonNode document) {
        JsonNode copy = document.deepCopy();
        if (parent(copy) instanceof ObjectNode object) {
            object.remove((String) steps.getLast());
        }
        return copy;
    }

    private JsonNode parent(JsonNode document) {
        JsonNode at = document;
        for (Object step : steps.subList(0, steps.size() - 1)) {
            at = step instanceof Integer index ? at.path(index) : at.path((String) step);
        }
        return at;
    }

    /// Gives the place as a JSON Pointer.
    String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (Object step : steps) {
            pointer.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    @Override
    public String toString() {
        return steps.isEmpty() ? "the request" : pointer();
    }
}
