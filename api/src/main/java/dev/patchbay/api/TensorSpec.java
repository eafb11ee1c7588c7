package dev.patchbay.api;

import java.util.List;

/// The name, element type and shape of a tensor that a model takes or gives.
///
/// @param name the name inside the model
/// @param type the element type
/// @param shape the size of each dimension, the batch included; -1 where any size will do
public record TensorSpec(String name, TensorType type, List<Long> shape) {

    public TensorSpec {
        shape = List.copyOf(shape);
    }

    @Override
    public String toString() {
        return name + " " + type + shape;
    }
}
