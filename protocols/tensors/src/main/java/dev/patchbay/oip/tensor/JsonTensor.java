package dev.patchbay.oip.tensor;

import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import java.math.BigInteger;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Tensors as JSON: values in row-major order, in one list or in lists nested as the shape says. They go from the
/// text into arrays of their type, and back, without a tree between.
public final class JsonTensor {

    private static final BigInteger UINT64_END = BigInteger.ONE.shiftLeft(64);

    private final JsonParser json;
    private final String name;
    private final TensorType type;
    private final long[] shape;
    private final int count;
    private final Object values;
    private int at;

    private JsonTensor(JsonParser json, String name, TensorType type, long[] shape, int count) {
        this.json = json;
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.count = count;
        this.values = allocate(type, count);
    }

    /// Reads the values of a tensor; the parser stands at their first token, and then at their last.
    ///
    /// @param available the length of the JSON, which bounds how many values there can be
    /// @throws InvalidTensor if the values do not fit type and shape
    public static Tensor read(JsonParser json, String name, TensorType type, long[] shape, int available) {
        if (type == TensorType.FP16 || type == TensorType.BF16) {
            throw new InvalidTensor(
                    name, "is %s, which has no form in JSON; send it as binary tensor data".formatted(type));
        }
        long count = Shape.elements(name, shape);
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new InvalidTensor(name, "has data that is no list");
        }
        // a value and its comma take two characters: a larger shape is not worth an allocation
        if (count > available / 2 + 1) {
            throw new InvalidTensor(
                    name,
                    "has the shape %s of %d values, more than the request has room for"
                            .formatted(Arrays.toString(shape), count));
        }
        JsonTensor tensor = new JsonTensor(json, name, type, shape, (int) count);
        tensor.list(0);
        if (tensor.at != tensor.count) {
            throw tensor.miscounted(Integer.toString(tensor.at));
        }
        return Tensor.of(type, tensor.values, shape);
    }

    private static Object allocate(TensorType type, int count) {
        return switch (type) {
            case FP32 -> new float[count];
            case FP64 -> new double[count];
            case INT64, UINT64, UINT32 -> new long[count];
            case INT32, UINT16 -> new int[count];
            case INT16, UINT8, FP16, BF16 -> new short[count];
            case INT8 -> new byte[count];
            case BOOL -> new boolean[count];
            case BYTES -> new String[count];
        };
    }

    private InvalidTensor miscounted(String given) {
        return new InvalidTensor(
                name, "has %s values, but its shape %s holds %d".formatted(given, Arrays.toString(shape), count));
    }

    private void list(int depth) {
        JsonToken token = json.nextToken();
        if (token != JsonToken.START_ARRAY) {
            row(depth, token);
            return;
        }
        if (depth + 1 >= shape.length) {
            throw new InvalidTensor(
                    name, "is nested deeper than the %d dimensions of its shape".formatted(shape.length));
        }
        long size = 0;
        do {
            if (token != JsonToken.START_ARRAY) {
                throw new InvalidTensor(name, "has values and lists side by side");
            }
            list(depth + 1);
            size++;
            token = json.nextToken();
        } while (token != JsonToken.END_ARRAY);
        requireSize(depth, size);
    }

    private void row(int depth, JsonToken first) {
        int before = at;
        JsonToken token = first;
        if (values instanceof float[] floats) {
            token = floats(floats, token);
        }
        while (token != JsonToken.END_ARRAY) {
            if (at == count) {
                throw miscounted("more");
            }
            put(token);
            token = json.nextToken();
        }
        if (depth > 0) {
            if (depth != shape.length - 1 && count > 0) {
                throw new InvalidTensor(
                        name,
                        "is nested %d deep, but its shape %s has %d dimensions"
                                .formatted(depth + 1, Arrays.toString(shape), shape.length));
            }
            requireSize(depth, at - before);
        }
    }

    /// The way of most values: no call for each of them but the parser's.
    private JsonToken floats(float[] floats, JsonToken first) {
        JsonToken token = first;
        while (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
            if (at == count) {
                throw miscounted("more");
            }
            float value = json.getFloatValue();
            if (Float.isInfinite(value)) {
                throw unfit("a number that FP32 can hold");
            }
            floats[at++] = value;
            token = json.nextToken();
        }
        return token;
    }

    private void requireSize(int depth, long size) {
        if (size != shape[depth]) {
            throw new InvalidTensor(
                    name,
                    "has a list of %d where its shape %s has %d".formatted(size, Arrays.toString(shape), shape[depth]));
        }
    }

    private void put(JsonToken token) {
        switch (values) {
            case float[] _ -> throw unfit("a number");
            case double[] array -> array[at] = number(token);
            case boolean[] array -> array[at] = bool(token);
            case String[] array -> array[at] = string(token);
            case long[] array -> array[at] = type == TensorType.UINT64 ? unsigned(token) : integer(token);
            case int[] array -> array[at] = (int) integer(token);
            case short[] array -> array[at] = (short) integer(token);
            case byte[] array -> array[at] = (byte) integer(token);
            default -> throw new IllegalStateException("no tensor keeps its values in a " + values.getClass());
        }
        at++;
    }

    private double number(JsonToken token) {
        double value = token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT
                ? json.getDoubleValue()
                : Double.NaN;
        if (!Double.isFinite(value)) {
            throw unfit("a number that FP64 can hold");
        }
        return value;
    }

    private boolean bool(JsonToken token) {
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw unfit("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private String string(JsonToken token) {
        if (token != JsonToken.VALUE_STRING) {
            throw unfit("a text");
        }
        return json.getString();
    }

    private long integer(JsonToken token) {
        Range range = Range.of(type);
        if (token != JsonToken.VALUE_NUMBER_INT || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw unfit(range.words());
        }
        long value = json.getLongValue();
        if (value < range.least() || value > range.most()) {
            throw unfit(range.words());
        }
        return value;
    }

    private long unsigned(JsonToken token) {
        BigInteger value = token == JsonToken.VALUE_NUMBER_INT ? json.getBigIntegerValue() : BigInteger.ONE.negate();
        if (value.signum() < 0 || value.compareTo(UINT64_END) >= 0) {
            throw unfit("a whole number from 0 to 18446744073709551615");
        }
        return value.longValue();
    }

    private InvalidTensor unfit(String wanted) {
        return new InvalidTensor(name, "has a value %d that is not %s".formatted(at, wanted));
    }

    /// Writes the values as one list.
    ///
    /// @throws InvalidTensor if JSON cannot say them
    public static void write(JsonGenerator json, String name, Tensor tensor) {
        json.writeStartArray();
        switch (tensor.values()) {
            case float[] values -> {
                for (float value : values) {
                    requireFinite(name, value);
                    json.writeNumber(value);
                }
            }
            case double[] values -> {
                for (double value : values) {
                    requireFinite(name, value);
                    json.writeNumber(value);
                }
            }
            case long[] values
            when tensor.type() == TensorType.UINT64 -> {
                for (long value : values) {
                    json.writeNumber(Long.toUnsignedString(value));
                }
            }
            case long[] values -> {
                for (long value : values) {
                    json.writeNumber(value);
                }
            }
            case int[] values -> {
                for (int value : values) {
                    json.writeNumber(value);
                }
            }
            case short[] _
            when tensor.type() == TensorType.FP16 || tensor.type() == TensorType.BF16 ->
                throw new InvalidTensor(name, "is %s, which has no form in JSON".formatted(tensor.type()));
            case short[] values -> {
                for (short value : values) {
                    json.writeNumber(value);
                }
            }
            case byte[] values -> {
                for (byte value : values) {
                    json.writeNumber(value);
                }
            }
            case boolean[] values -> {
                for (boolean value : values) {
                    json.writeBoolean(value);
                }
            }
            case String[] values -> {
                for (String value : values) {
                    json.writeString(value);
                }
            }
            case byte[][] values -> {
                for (byte[] value : values) {
                    json.writeString(RawTensor.text(name, 0, java.nio.ByteBuffer.wrap(value)));
                }
            }
            default -> throw new IllegalStateException("no tensor keeps its values in a " + tensor.values());
        }
        json.writeEndArray();
    }

    private static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new InvalidTensor(name, "has the value %s, which is no JSON number".formatted(value));
        }
    }

    /// The whole numbers a type can hold.
    private record Range(long least, long most) {

        static Range of(TensorType type) {
            return switch (type) {
                case UINT8 -> new Range(0, 0xff);
                case UINT16 -> new Range(0, 0xffff);
                case UINT32 -> new Range(0, 0xffffffffL);
                case INT8 -> new Range(Byte.MIN_VALUE, Byte.MAX_VALUE);
                case INT16 -> new Range(Short.MIN_VALUE, Short.MAX_VALUE);
                case INT32 -> new Range(Integer.MIN_VALUE, Integer.MAX_VALUE);
                case INT64 -> new Range(Long.MIN_VALUE, Long.MAX_VALUE);
                default -> throw new IllegalArgumentException(type + " is not held to a range");
            };
        }

        String words() {
            return "a whole number from " + least + " to " + most;
        }
    }
}
