package dev.patchbay.oip.tensor;

import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Tensors as bytes: little-endian, row-major, without padding; `BOOL` is one byte, an element of `BYTES` is its
/// length in four bytes and then its bytes
/// ([binary tensor
/// data](https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md)).
/// What comes in is checked against its shape before anything is allocated.
public final class RawTensor {

    private static final int LENGTH = 4;

    private RawTensor() {}

    /// Gives the bytes of one element; 0 if elements differ in length.
    public static int width(TensorType type) {
        return switch (type) {
            case BOOL, UINT8, INT8 -> 1;
            case UINT16, INT16, FP16, BF16 -> 2;
            case UINT32, INT32, FP32 -> 4;
            case UINT64, INT64, FP64 -> 8;
            case BYTES -> 0;
        };
    }

    /// Reads a tensor.
    ///
    /// @param raw its bytes, from the position to the limit
    /// @throws InvalidTensor if shape and bytes do not fit together
    public static Tensor read(String name, TensorType type, long[] shape, ByteBuffer raw) {
        long count = Shape.elements(name, shape);
        int width = width(type);
        int length = raw.remaining();
        // before multiplying: a count beyond the bytes that are there cannot be right
        if (width > 0 && (count > length || count * width != length)) {
            throw new InvalidTensor(
                    name,
                    "has %d bytes of binary data, but %s of shape %s has %s"
                            .formatted(length, type, Arrays.toString(shape), bytes(count, width)));
        }
        if (width == 0 && count > length / LENGTH) {
            throw new InvalidTensor(
                    name,
                    "has %d bytes of binary data, too few for the %d values of shape %s: each is its length in %d bytes and its bytes"
                            .formatted(length, count, Arrays.toString(shape), LENGTH));
        }
        return Tensor.of(type, values(name, type, (int) count, raw.duplicate().order(ByteOrder.LITTLE_ENDIAN)), shape);
    }

    private static String bytes(long count, int width) {
        return count > Long.MAX_VALUE / width ? "far more" : Long.toString(count * width);
    }

    private static Object values(String name, TensorType type, int count, ByteBuffer raw) {
        return switch (type) {
            case FP32 -> {
                float[] values = new float[count];
                raw.asFloatBuffer().get(values);
                yield values;
            }
            case FP64 -> {
                double[] values = new double[count];
                raw.asDoubleBuffer().get(values);
                yield values;
            }
            case INT64, UINT64 -> {
                long[] values = new long[count];
                raw.asLongBuffer().get(values);
                yield values;
            }
            case INT32 -> {
                int[] values = new int[count];
                raw.asIntBuffer().get(values);
                yield values;
            }
            case INT16, FP16, BF16 -> {
                short[] values = new short[count];
                raw.asShortBuffer().get(values);
                yield values;
            }
            case INT8 -> {
                byte[] values = new byte[count];
                raw.get(values);
                yield values;
            }
            case UINT32 -> {
                long[] values = new long[count];
                for (int i = 0; i < count; i++) {
                    values[i] = Integer.toUnsignedLong(raw.getInt());
                }
                yield values;
            }
            case UINT16 -> {
                int[] values = new int[count];
                for (int i = 0; i < count; i++) {
                    values[i] = Short.toUnsignedInt(raw.getShort());
                }
                yield values;
            }
            case UINT8 -> {
                short[] values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (short) Byte.toUnsignedInt(raw.get());
                }
                yield values;
            }
            case BOOL -> {
                boolean[] values = new boolean[count];
                for (int i = 0; i < count; i++) {
                    values[i] = raw.get() != 0;
                }
                yield values;
            }
            case BYTES -> texts(name, count, raw);
        };
    }

    private static String[] texts(String name, int count, ByteBuffer raw) {
        String[] values = new String[count];
        for (int i = 0; i < count; i++) {
            long length = raw.remaining() < LENGTH ? -1 : Integer.toUnsignedLong(raw.getInt());
            if (length < 0 || length > raw.remaining()) {
                throw new InvalidTensor(
                        name,
                        length < 0
                                ? "ends before element %d of %d".formatted(i, count)
                                : "has an element %d of %d bytes, but %d follow".formatted(i, length, raw.remaining()));
            }
            ByteBuffer element = raw.slice(raw.position(), (int) length);
            raw.position(raw.position() + (int) length);
            values[i] = text(name, i, element);
        }
        if (raw.hasRemaining()) {
            throw new InvalidTensor(name, "has %d bytes behind its %d elements".formatted(raw.remaining(), count));
        }
        return values;
    }

    static String text(String name, int element, ByteBuffer utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidTensor(name, "has an element %d that is no text in UTF-8".formatted(element));
        }
    }

    /// Counts the bytes that [#write] writes.
    public static long size(Tensor tensor) {
        int width = width(tensor.type());
        if (width > 0) {
            return (long) tensor.size() * width;
        }
        long size = 0;
        if (tensor.values() instanceof byte[][] elements) {
            for (byte[] element : elements) {
                size += LENGTH + element.length;
            }
        } else {
            for (String element : tensor.strings()) {
                size += LENGTH + utf8Length(element);
            }
        }
        return size;
    }

    private static long utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Writes a tensor behind the buffer's position.
    public static void write(Tensor tensor, ByteBuffer into) {
        into.order(ByteOrder.LITTLE_ENDIAN);
        boolean narrow = tensor.type() == TensorType.UINT8;
        switch (tensor.values()) {
            case float[] values -> {
                into.asFloatBuffer().put(values);
                skip(into, values.length, Float.BYTES);
            }
            case double[] values -> {
                into.asDoubleBuffer().put(values);
                skip(into, values.length, Double.BYTES);
            }
            case long[] values
            when tensor.type() == TensorType.UINT32 -> {
                for (long value : values) {
                    into.putInt((int) value);
                }
            }
            case long[] values -> {
                into.asLongBuffer().put(values);
                skip(into, values.length, Long.BYTES);
            }
            case int[] values
            when tensor.type() == TensorType.UINT16 -> {
                for (int value : values) {
                    into.putShort((short) value);
                }
            }
            case int[] values -> {
                into.asIntBuffer().put(values);
                skip(into, values.length, Integer.BYTES);
            }
            case short[] values
            when narrow -> {
                for (short value : values) {
                    into.put((byte) value);
                }
            }
            case short[] values -> {
                into.asShortBuffer().put(values);
                skip(into, values.length, Short.BYTES);
            }
            case byte[] values -> into.put(values);
            case boolean[] values -> {
                for (boolean value : values) {
                    into.put((byte) (value ? 1 : 0));
                }
            }
            case byte[][] values -> {
                for (byte[] value : values) {
                    into.putInt(value.length).put(value);
                }
            }
            case String[] values -> {
                for (String value : values) {
                    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
                    into.putInt(utf8.length).put(utf8);
                }
            }
            default -> throw new IllegalStateException("no tensor keeps its values in a " + tensor.values());
        }
    }

    private static void skip(ByteBuffer buffer, int count, int width) {
        buffer.position(buffer.position() + count * width);
    }
}
