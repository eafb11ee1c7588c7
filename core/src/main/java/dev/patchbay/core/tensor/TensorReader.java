package dev.patchbay.core.tensor;

import dev.patchbay.api.FieldError;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import dev.patchbay.core.schema.NumberArray;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads one tensor out of JSON in a single pass, checking as it goes.
final class TensorReader {

    private static final int MAXIMUM_ERRORS = 20;

    private final Port port;
    private final List<FieldError> errors;
    private final long[] shape;
    private final int batch;
    private int at;

    private TensorReader(Port port, List<FieldError> errors) {
        this.port = port;
        this.errors = errors;
        this.shape = port.spec().shape().stream().mapToLong(Long::longValue).toArray();
        this.batch = port.hasBatch() ? 1 : 0;
    }

    /// Reads a tensor, or adds what is wrong and gives null.
    static @Nullable Tensor read(JsonNode value, Port port, List<FieldError> errors) {
        return new TensorReader(port, errors).read(value);
    }

    private @Nullable Tensor read(JsonNode value) {
        int before = errors.size();
        TensorType type = port.spec().type();
        if (type == TensorType.FP16 || type == TensorType.BF16) {
            error(port.pointer(), "is " + type + ", which has no form in JSON; POST /v2/models takes it in bytes");
            return null;
        }
        if (batch == 1) {
            shape[0] = 1;
        }
        measure(value, batch);
        if (errors.size() > before) {
            return null;
        }
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        Object values = allocate(type, Math.toIntExact(count));
        fill(value, batch, port.pointer(), values);
        return errors.size() > before ? null : Tensor.of(type, values, shape);
    }

    /// Finds the sizes of open dimensions from the first row of each.
    private void measure(JsonNode value, int dimension) {
        if (dimension == shape.length) {
            return;
        }
        if (!value.isArray()) {
            error(port.pointer(), "must be a list" + (dimension > batch ? " of lists" : ""));
            return;
        }
        if (shape[dimension] < 0) {
            shape[dimension] = value.size();
        }
        if (value.size() > 0) {
            measure(value.get(0), dimension + 1);
        } else {
            for (int rest = dimension + 1; rest < shape.length; rest++) {
                shape[rest] = Math.max(shape[rest], 0);
            }
        }
    }

    private void fill(JsonNode value, int dimension, String path, Object values) {
        if (dimension == shape.length) {
            put(value, path, values);
            return;
        }
        if (!value.isArray()) {
            error(path, "must be a list");
            return;
        }
        if (value.size() != shape[dimension]) {
            error(path, "must have " + shape[dimension] + " items, but has " + value.size());
            return;
        }
        if (dimension == shape.length - 1 && values instanceof float[] floats) {
            floats(value, path, floats);
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            fill(value.get(i), dimension + 1, path + "/" + i, values);
        }
    }

    private void floats(JsonNode row, String path, float[] floats) {
        if (row instanceof NumberArray numbers) {
            int from = at;
            numbers.copyTo(floats, from);
            at += numbers.size();
            for (int i = from; i < at; i++) {
                if (!Float.isFinite(floats[i])) {
                    error(path + "/" + (i - from), "is beyond what FP32 can hold");
                }
            }
            return;
        }
        int size = row.size();
        for (int i = 0; i < size; i++) {
            JsonNode item = row.get(i);
            float number = item.isNumber() ? (float) number(item) : Float.NaN;
            if (!Float.isFinite(number)) {
                error(path + "/" + i, item.isNumber() ? "is beyond what FP32 can hold" : "must be a number");
            }
            floats[at++] = number;
        }
    }

    /// Infinite if it is beyond what a double can hold; Jackson's own conversions throw then.
    private static double number(JsonNode value) {
        return value.isDouble() ? value.doubleValue() : value.numberValue().doubleValue();
    }

    private void put(JsonNode value, String path, Object values) {
        int i = at++;
        switch (values) {
            case boolean[] array when value.isBoolean() -> array[i] = value.booleanValue();
            case String[] array when value.isString() -> array[i] = value.stringValue();
            case float[] array
            when value.isNumber() && Float.isFinite((float) number(value)) -> array[i] = (float) number(value);
            case double[] array when value.isNumber() && Double.isFinite(number(value)) -> array[i] = number(value);
            case float[] _, double[] _ ->
                error(path, "must be a number that " + port.spec().type() + " can hold");
            case boolean[] _ -> error(path, "must be true or false");
            case String[] _ -> error(path, "must be a text");
            default -> integer(value, path, values, i);
        }
    }

    private void integer(JsonNode value, String path, Object values, int i) {
        IntegerRange range = IntegerRange.of(port.spec().type());
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < range.least()
                || value.longValue() > range.most()) {
            error(path, "must be a whole number from " + range.least() + " to " + range.most());
            return;
        }
        long number = value.longValue();
        switch (values) {
            case long[] array -> array[i] = number;
            case int[] array -> array[i] = (int) number;
            case short[] array -> array[i] = (short) number;
            case byte[] array -> array[i] = (byte) number;
            default -> throw new IllegalStateException("no integers are kept in a " + values.getClass());
        }
    }

    private void error(String path, String message) {
        if (errors.size() < MAXIMUM_ERRORS) {
            errors.add(new FieldError(path, message));
        }
    }

    static Object allocate(TensorType type, int size) {
        return switch (type) {
            case FP32 -> new float[size];
            case FP64 -> new double[size];
            case INT64, UINT64, UINT32 -> new long[size];
            case INT32, UINT16 -> new int[size];
            case INT16, UINT8, FP16, BF16 -> new short[size];
            case INT8 -> new byte[size];
            case BOOL -> new boolean[size];
            case BYTES -> new String[size];
        };
    }
}
