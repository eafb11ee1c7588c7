package dev.patchbay.oip.tensor;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import dev.patchbay.oip.v2.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Tensors in the protocol's messages: values by their type, or bytes.
public final class TensorContents {

    private TensorContents() {}

    /// Reads a tensor from the values of its type.
    ///
    /// @throws InvalidTensor if they are not as many as the shape says, or not of the type
    public static Tensor read(String name, TensorType type, long[] shape, InferTensorContents contents) {
        int given = switch (type) {
            case BOOL -> contents.getBoolContentsCount();
            case INT8, INT16, INT32 -> contents.getIntContentsCount();
            case INT64 -> contents.getInt64ContentsCount();
            case UINT8, UINT16, UINT32 -> contents.getUintContentsCount();
            case UINT64 -> contents.getUint64ContentsCount();
            case FP32 -> contents.getFp32ContentsCount();
            case FP64 -> contents.getFp64ContentsCount();
            case BYTES -> contents.getBytesContentsCount();
            case FP16, BF16 ->
                throw new InvalidTensor(name, "is %s, which only raw_input_contents can say".formatted(type));
        };
        long wanted = Shape.elements(name, shape);
        if (wanted != given) {
            throw new InvalidTensor(
                    name,
                    "has %d values of %s in its contents, but its shape %s holds %d"
                            .formatted(given, type, Arrays.toString(shape), wanted));
        }
        return Tensor.of(type, values(name, type, contents, given), shape);
    }

    private static Object values(String name, TensorType type, InferTensorContents contents, int count) {
        return switch (type) {
            case BOOL -> {
                boolean[] values = new boolean[count];
                for (int i = 0; i < count; i++) {
                    values[i] = contents.getBoolContents(i);
                }
                yield values;
            }
            case INT8 -> {
                byte[] values = new byte[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (byte) within(name, type, i, contents.getIntContents(i), -128, 127);
                }
                yield values;
            }
            case INT16 -> {
                short[] values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] =
                            (short) within(name, type, i, contents.getIntContents(i), Short.MIN_VALUE, Short.MAX_VALUE);
                }
                yield values;
            }
            case UINT8 -> {
                short[] values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (short) within(name, type, i, unsigned(contents, i), 0, 0xff);
                }
                yield values;
            }
            case UINT16 -> {
                int[] values = new int[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (int) within(name, type, i, unsigned(contents, i), 0, 0xffff);
                }
                yield values;
            }
            case UINT32 -> {
                long[] values = new long[count];
                for (int i = 0; i < count; i++) {
                    values[i] = unsigned(contents, i);
                }
                yield values;
            }
            case INT32 ->
                contents.getIntContentsList().stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
            case INT64 ->
                contents.getInt64ContentsList().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
            case UINT64 ->
                contents.getUint64ContentsList().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
            case FP32 -> {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = contents.getFp32Contents(i);
                }
                yield values;
            }
            case FP64 ->
                contents.getFp64ContentsList().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
            case BYTES -> {
                String[] values = new String[count];
                for (int i = 0; i < count; i++) {
                    values[i] =
                            RawTensor.text(name, i, contents.getBytesContents(i).asReadOnlyByteBuffer());
                }
                yield values;
            }
            case FP16, BF16 -> throw new IllegalStateException(type + " has no contents");
        };
    }

    private static long unsigned(InferTensorContents contents, int i) {
        return Integer.toUnsignedLong(contents.getUintContents(i));
    }

    private static long within(String name, TensorType type, int i, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidTensor(name, "has a value %d that is %d, which %s cannot hold".formatted(i, value, type));
        }
        return value;
    }

    /// Gives the bytes of a tensor.
    public static ByteString raw(Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(RawTensor.size(tensor)));
        RawTensor.write(tensor, bytes);
        return UnsafeByteOperations.unsafeWrap(bytes.array());
    }

    /// Gives the values of a tensor by their type.
    public static InferTensorContents of(Tensor tensor) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        switch (tensor.values()) {
            case float[] values -> {
                for (float value : values) {
                    contents.addFp32Contents(value);
                }
            }
            case double[] values -> {
                for (double value : values) {
                    contents.addFp64Contents(value);
                }
            }
            case long[] values -> {
                for (long value : values) {
                    switch (tensor.type()) {
                        case UINT32 -> contents.addUintContents((int) value);
                        case UINT64 -> contents.addUint64Contents(value);
                        default -> contents.addInt64Contents(value);
                    }
                }
            }
            case int[] values -> {
                for (int value : values) {
                    if (tensor.type() == TensorType.UINT16) {
                        contents.addUintContents(value);
                    } else {
                        contents.addIntContents(value);
                    }
                }
            }
            case short[] values -> {
                for (short value : values) {
                    if (tensor.type() == TensorType.UINT8) {
                        contents.addUintContents(value);
                    } else {
                        contents.addIntContents(value);
                    }
                }
            }
            case byte[] values -> {
                for (byte value : values) {
                    contents.addIntContents(value);
                }
            }
            case boolean[] values -> {
                for (boolean value : values) {
                    contents.addBoolContents(value);
                }
            }
            case String[] values -> {
                for (String value : values) {
                    contents.addBytesContents(ByteString.copyFrom(value, StandardCharsets.UTF_8));
                }
            }
            case byte[][] values -> {
                for (byte[] value : values) {
                    contents.addBytesContents(ByteString.copyFrom(value));
                }
            }
            default -> throw new IllegalStateException("no tensor keeps its values in a " + tensor.values());
        }
        return contents.build();
    }
}
