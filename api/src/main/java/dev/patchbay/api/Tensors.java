package dev.patchbay.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tensors by name, in an order.
///
/// @param byName the tensors; not to be changed afterwards
public record Tensors(Map<String, Tensor> byName) {

    public Tensors {
        byName = Collections.unmodifiableMap(byName);
    }

    /// Holds a single tensor.
    public static Tensors of(String name, Tensor tensor) {
        return new Tensors(Map.of(name, tensor));
    }

    /// Adds a tensor, giving a new set.
    public Tensors and(String name, Tensor tensor) {
        Map<String, Tensor> more = new LinkedHashMap<>(byName);
        more.put(name, tensor);
        return new Tensors(more);
    }

    /// Gives a tensor.
    ///
    /// @throws IllegalArgumentException if there is none of that name; the message lists those there are
    public Tensor get(String name) {
        Tensor tensor = byName.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor '" + name + "'; there are " + byName.keySet());
        }
        return tensor;
    }

    /// Requires that these are the inputs of a model.
    ///
    /// @throws IllegalArgumentException if one is missing that is not optional, is unknown, or has another type or
    ///     shape; the message says what is there and what the model takes
    public void requireFit(List<TensorSpec> inputs) {
        int fitting = 0;
        for (TensorSpec input : inputs) {
            Tensor tensor = byName.get(input.name());
            if (tensor != null && !input.fits(tensor)) {
                throw new IllegalArgumentException(
                        "input '%s' is %s, but the model takes %s".formatted(input.name(), tensor, input));
            }
            if (tensor == null && !input.optional()) {
                throw new IllegalArgumentException(
                        "input '" + input.name() + "' is missing; the model takes " + inputs);
            }
            fitting += tensor == null ? 0 : 1;
        }
        if (fitting < byName.size()) {
            for (String name : byName.keySet()) {
                if (inputs.stream().noneMatch(input -> input.name().equals(name))) {
                    throw new IllegalArgumentException("the model has no input '" + name + "'; it takes " + inputs);
                }
            }
        }
    }

    /// Gives the only value of a tensor, as [Tensor#scalar] does.
    public double scalar(String name) {
        return get(name).scalar();
    }

    /// Gives the values of an `FP32` tensor.
    public float[] floats(String name) {
        return get(name).floats();
    }
}
