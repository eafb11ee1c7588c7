package dev.patchbay.runtime.tensorflow;

import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import java.nio.charset.StandardCharsets;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/// Moves tensors between Java arrays and TensorFlow.
final class TensorFlowTypes {

    private TensorFlowTypes() {}

    static TensorType type(String tensor, DataType type) {
        return switch (type) {
            case DT_FLOAT -> TensorType.FP32;
            case DT_DOUBLE -> TensorType.FP64;
            case DT_HALF -> TensorType.FP16;
            case DT_BFLOAT16 -> TensorType.BF16;
            case DT_INT32 -> TensorType.INT32;
            case DT_INT64 -> TensorType.INT64;
            case DT_UINT8 -> TensorType.UINT8;
            case DT_UINT16 -> TensorType.UINT16;
            case DT_BOOL -> TensorType.BOOL;
            case DT_STRING -> TensorType.BYTES;
            default ->
                throw new IllegalArgumentException(
                        "tensor '%s' is %s, which TensorFlow's Java binding has no tensors of; cast it in the signature"
                                .formatted(tensor, type));
        };
    }

    private static Class<? extends TType> nativeType(TensorType type) {
        return switch (type) {
            case FP32 -> TFloat32.class;
            case FP64 -> TFloat64.class;
            case FP16 -> TFloat16.class;
            case BF16 -> TBfloat16.class;
            case INT32 -> TInt32.class;
            case INT64 -> TInt64.class;
            case UINT8 -> TUint8.class;
            case UINT16 -> TUint16.class;
            case BOOL -> TBool.class;
            default -> throw new IllegalArgumentException("the TensorFlow engine takes no tensors of " + type);
        };
    }

    static TType toNative(Tensor tensor) {
        Shape shape = Shape.of(tensor.shape());
        if (tensor.values() instanceof String[] texts) {
            return TString.tensorOf(StandardCharsets.UTF_8, shape, DataBuffers.ofObjects(texts));
        }
        if (tensor.values() instanceof byte[][] texts) {
            return TString.tensorOfBytes(shape, DataBuffers.ofObjects(texts));
        }
        TType made = org.tensorflow.Tensor.of(nativeType(tensor.type()), shape);
        ByteDataBuffer data = made.asRawTensor().data();
        switch (tensor.values()) {
            case float[] array -> data.asFloats().write(array);
            case double[] array -> data.asDoubles().write(array);
            case long[] array -> data.asLongs().write(array);
            case int[] array
            when tensor.type() == TensorType.INT32 -> data.asInts().write(array);
            case int[] array -> {
                short[] bits = new short[array.length];
                for (int i = 0; i < bits.length; i++) {
                    bits[i] = (short) array[i];
                }
                data.asShorts().write(bits);
            }
            case short[] array
            when tensor.type() == TensorType.UINT8 -> {
                byte[] bits = new byte[array.length];
                for (int i = 0; i < bits.length; i++) {
                    bits[i] = (byte) array[i];
                }
                data.write(bits);
            }
            case short[] array -> data.asShorts().write(array);
            case boolean[] array -> {
                byte[] bits = new byte[array.length];
                for (int i = 0; i < bits.length; i++) {
                    bits[i] = (byte) (array[i] ? 1 : 0);
                }
                data.write(bits);
            }
            default ->
                throw new IllegalStateException(
                        "no native tensor is kept in a " + tensor.values().getClass());
        }
        return made;
    }

    static Tensor toJava(org.tensorflow.Tensor tensor) {
        long[] shape = tensor.shape().asArray();
        int size = Math.toIntExact(tensor.shape().size());
        if (tensor instanceof TString texts) {
            String[] values = new String[size];
            int[] at = {0};
            texts.scalars().forEach(text -> values[at[0]++] = text.getObject());
            return Tensor.of(values, shape);
        }
        ByteDataBuffer data = tensor.asRawTensor().data();
        TensorType type = type("output", tensor.dataType());
        return switch (type) {
            case FP32 -> {
                float[] values = new float[size];
                data.asFloats().read(values);
                yield Tensor.of(values, shape);
            }
            case FP64 -> {
                double[] values = new double[size];
                data.asDoubles().read(values);
                yield Tensor.of(values, shape);
            }
            case INT64 -> {
                long[] values = new long[size];
                data.asLongs().read(values);
                yield Tensor.of(values, shape);
            }
            case INT32 -> {
                int[] values = new int[size];
                data.asInts().read(values);
                yield Tensor.of(values, shape);
            }
            case FP16, BF16 -> {
                short[] values = new short[size];
                data.asShorts().read(values);
                yield Tensor.of(type, values, shape);
            }
            case UINT16 -> {
                short[] bits = new short[size];
                data.asShorts().read(bits);
                int[] values = new int[size];
                for (int i = 0; i < size; i++) {
                    values[i] = bits[i] & 0xffff;
                }
                yield Tensor.of(type, values, shape);
            }
            case UINT8 -> {
                byte[] bits = new byte[size];
                data.read(bits);
                short[] values = new short[size];
                for (int i = 0; i < size; i++) {
                    values[i] = (short) (bits[i] & 0xff);
                }
                yield Tensor.of(type, values, shape);
            }
            case BOOL -> {
                byte[] bits = new byte[size];
                data.read(bits);
                boolean[] values = new boolean[size];
                for (int i = 0; i < size; i++) {
                    values[i] = bits[i] != 0;
                }
                yield Tensor.of(values, shape);
            }
            default -> throw new IllegalStateException("the model gave a tensor of " + type);
        };
    }
}
