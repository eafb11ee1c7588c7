package dev.patchbay.runtime.remote;

import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import dev.patchbay.oip.tensor.InvalidTensor;
import dev.patchbay.oip.tensor.JsonTensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.util.TokenBuffer;

/// Tensors as lists in lists, the way TensorFlow Serving writes them.
final class NestedList {

    private NestedList() {}

    /// Writes a tensor; a scalar is a value without a list.
    static JsonNode of(String name, Tensor tensor) {
        JsonNode flat;
        try (TokenBuffer buffer = TokenBuffer.forGeneration()) {
            JsonTensor.write(buffer, name, tensor);
            flat = JsonText.MAPPER.readTree(buffer.asParser());
        } catch (InvalidTensor e) {
            throw InferenceException.invalid("", "Input '" + name + "' " + e.what());
        }
        return nested(flat, tensor.shape(), 0, new int[1]);
    }

    private static JsonNode nested(JsonNode flat, long[] shape, int depth, int[] at) {
        if (depth == shape.length) {
            return flat.get(at[0]++);
        }
        ArrayNode list = JsonText.MAPPER.createArrayNode();
        for (long i = 0; i < shape[depth]; i++) {
            list.add(nested(flat, shape, depth + 1, at));
        }
        return list;
    }

    /// Reads the shape off the first values; whether the others agree is seen when they are read.
    static long[] shape(JsonNode values) {
        long[] shape = new long[32];
        int rank = 0;
        for (JsonNode at = values; at.isArray() && rank < shape.length; at = at.path(0)) {
            shape[rank++] = at.size();
        }
        return java.util.Arrays.copyOf(shape, rank);
    }
}
