package dev.patchbay.core.tensor;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// Writes one tensor as JSON.
final class TensorWriter {

    private final JsonGenerator json;
    private final Port port;
    private final Tensor tensor;
    private final long[] shape;
    private int at;

    TensorWriter(JsonGenerator json, Port port, Tensor tensor) {
        this.json = json;
        this.port = port;
        this.tensor = tensor;
        this.shape = tensor.shape();
    }

    /// Writes the tensor: a number if it holds one, otherwise lists without the batch of one.
    void write() {
        if (tensor.size() == 1 && port.rowShape().stream().allMatch(size -> size == 1)) {
            value();
        } else {
            dimension(port.hasBatch() && shape.length > 0 && shape[0] == 1 ? 1 : 0);
        }
    }

    /// Writes the name of the highest value, and every value by its name.
    void writeScores(List<String> names) {
        if (names.size() != tensor.size()) {
            throw invalid("has %d values, but module.yaml names %d labels".formatted(tensor.size(), names.size()));
        }
        int best = 0;
        for (int i = 1; i < names.size(); i++) {
            if (number(i) > number(best)) {
                best = i;
            }
        }
        json.writeStartObject();
        json.writeStringProperty("label", names.get(best));
        json.writeObjectPropertyStart("scores");
        for (String name : names) {
            json.writeName(name);
            value();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private double number(int i) {
        return switch (tensor.values()) {
            case float[] array -> array[i];
            case double[] array -> array[i];
            case long[] array -> array[i];
            case int[] array -> array[i];
            default -> throw invalid("holds no numbers, so that no label is the highest");
        };
    }

    private void dimension(int dimension) {
        if (dimension >= shape.length) {
            value();
            return;
        }
        json.writeStartArray();
        for (long i = 0; i < shape[dimension]; i++) {
            dimension(dimension + 1);
        }
        json.writeEndArray();
    }

    private void value() {
        int i = at++;
        switch (tensor.values()) {
            case float[] array -> {
                finite(array[i]);
                json.writeNumber(array[i]);
            }
            case double[] array -> {
                finite(array[i]);
                json.writeNumber(array[i]);
            }
            case long[] array -> json.writeNumber(array[i]);
            case int[] array -> json.writeNumber(array[i]);
            case short[] array -> json.writeNumber(array[i]);
            case byte[] array -> json.writeNumber(array[i]);
            case boolean[] array -> json.writeBoolean(array[i]);
            case String[] array -> json.writeString(array[i]);
            default -> throw invalid("is of " + tensor.type() + ", which has no form in JSON");
        }
    }

    private void finite(double number) {
        if (!Double.isFinite(number)) {
            throw invalid("is " + number + ", which is no JSON number");
        }
    }

    private InferenceException invalid(String message) {
        return new InferenceException(
                ErrorCode.INVALID_RESPONSE,
                "The model's answer cannot be given: " + port.pointer() + " " + message,
                List.of(new FieldError(port.pointer(), message)),
                null,
                null);
    }
}
