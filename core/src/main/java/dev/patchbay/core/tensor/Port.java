package dev.patchbay.core.tensor;

import dev.patchbay.api.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A tensor of a model and its place in the JSON. A request is one row: where the first dimension of a tensor is
/// the batch (its size is open), the JSON has one dimension less.
///
/// @param path the fields that lead to it
record Port(TensorSpec spec, List<String> path) {

    static List<Port> of(List<TensorSpec> specs, Map<String, String> mapping, String role, boolean all) {
        List<Port> ports = new ArrayList<>();
        for (TensorSpec spec : specs) {
            String pointer = mapping.get(spec.name());
            if (pointer != null || all || mapping.isEmpty()) {
                ports.add(new Port(spec, path(role, spec.name(), pointer == null ? "/" + spec.name() : pointer)));
            }
        }
        for (String name : mapping.keySet()) {
            if (specs.stream().noneMatch(spec -> spec.name().equals(name))) {
                throw new IllegalArgumentException("the model has no %s '%s'; it has %s".formatted(role, name, specs));
            }
        }
        return List.copyOf(ports);
    }

    private static List<String> path(String role, String name, String pointer) {
        if (!pointer.startsWith("/") || pointer.length() < 2) {
            throw new IllegalArgumentException("%s.%s: '%s' is no JSON Pointer to a field; write one such as /features"
                    .formatted(role, name, pointer));
        }
        return Arrays.stream(pointer.substring(1).split("/"))
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    boolean hasBatch() {
        return !spec.shape().isEmpty() && spec.shape().getFirst() < 0;
    }

    /// Gives the shape without the batch.
    List<Long> rowShape() {
        return hasBatch() ? spec.shape().subList(1, spec.shape().size()) : spec.shape();
    }

    String pointer() {
        return "/" + String.join("/", path);
    }
}
