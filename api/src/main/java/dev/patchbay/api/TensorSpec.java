package dev.patchbay.api;

import java.util.List;
import java.util.Map;

/// The name, element type and shape of a tensor that a model takes or gives, and what its values may be.
///
/// @param name the name inside the model
/// @param type the element type
/// @param shape the size of each dimension, the batch included; -1 where any size will do
/// @param optional whether a run may leave this input out, because the model knows what to take in its place
/// @param values what each value fulfils beside its type: keywords of JSON Schema 2020-12, such as `minimum` or
///     `enum`, as plain Java values; empty if the model says nothing about it
public record TensorSpec(String name, TensorType type, List<Long> shape, boolean optional, Map<String, Object> values) {

    public TensorSpec {
        shape = List.copyOf(shape);
        values = Map.copyOf(values);
    }

    /// Describes a tensor that must be there and may hold any value of its type.
    public TensorSpec(String name, TensorType type, List<Long> shape) {
        this(name, type, shape, false, Map.of());
    }

    /// Tells whether a tensor is of this type and shape; says nothing about its values.
    public boolean fits(Tensor tensor) {
        boolean fits = tensor.type() == type && tensor.rank() == shape.size();
        for (int i = 0; fits && i < tensor.rank(); i++) {
            long size = shape.get(i);
            fits = size < 0 || size == tensor.dimension(i);
        }
        return fits;
    }

    @Override
    public String toString() {
        return name + " " + type + shape;
    }
}
