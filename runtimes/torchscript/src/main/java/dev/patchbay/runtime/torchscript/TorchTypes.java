package dev.patchbay.runtime.torchscript;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Moves tensors between Java arrays and PyTorch. A type that DJL does not know ends the process when a tensor of it is
/// made; none is.
final class TorchTypes {

    private TorchTypes() {}

    private static DataType type(TensorType type) {
        return switch (type) {
            case FP32 -> DataType.FLOAT32;
            case FP64 -> DataType.FLOAT64;
            case FP16 -> DataType.FLOAT16;
            case INT8 -> DataType.INT8;
            case INT32 -> DataType.INT32;
            case INT64 -> DataType.INT64;
            case UINT8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
            default ->
                throw new IllegalArgumentException(
                        "the TorchScript engine takes no tensors of %s; it takes FP32, FP64, FP16, INT8, INT32, INT64, UINT8, BOOL"
                                .formatted(type));
        };
    }

    static Object allocate(TensorType type, int size) {
        return switch (type) {
            case FP32 -> new float[size];
            case FP64 -> new double[size];
            case INT64 -> new long[size];
            case INT32 -> new int[size];
            case UINT8, FP16 -> new short[size];
            case INT8 -> new byte[size];
            case BOOL -> new boolean[size];
            default -> throw new IllegalArgumentException("the TorchScript engine takes no tensors of " + type);
        };
    }

    static PtNDArray toNative(PtNDManager manager, Tensor tensor) {
        DataType type = type(tensor.type());
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(tensor.size() * type.getNumOfBytes()).order(ByteOrder.nativeOrder());
        switch (tensor.values()) {
            case float[] array -> bytes.asFloatBuffer().put(array);
            case double[] array -> bytes.asDoubleBuffer().put(array);
            case long[] array -> bytes.asLongBuffer().put(array);
            case int[] array -> bytes.asIntBuffer().put(array);
            case short[] array
            when tensor.type() == TensorType.UINT8 -> {
                for (short value : array) {
                    bytes.put((byte) value);
                }
            }
            case short[] array -> bytes.asShortBuffer().put(array);
            case byte[] array -> bytes.put(array);
            case boolean[] array -> {
                for (boolean value : array) {
                    bytes.put((byte) (value ? 1 : 0));
                }
            }
            default ->
                throw new IllegalArgumentException("the TorchScript engine takes no tensors of " + tensor.type());
        }
        return manager.create(bytes.clear(), new Shape(tensor.shape()), type);
    }

    static Tensor toJava(PtNDArray array) {
        long[] shape = array.getShape().getShape();
        int size = Math.toIntExact(array.getShape().size());
        ByteBuffer bytes = array.toByteBuffer().order(ByteOrder.nativeOrder());
        return switch (array.getDataType()) {
            case FLOAT32 -> {
                float[] values = new float[size];
                bytes.asFloatBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case FLOAT64 -> {
                double[] values = new double[size];
                bytes.asDoubleBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case INT64 -> {
                long[] values = new long[size];
                bytes.asLongBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case INT32 -> {
                int[] values = new int[size];
                bytes.asIntBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case FLOAT16 -> {
                short[] values = new short[size];
                bytes.asShortBuffer().get(values);
                yield Tensor.of(TensorType.FP16, values, shape);
            }
            case INT8 -> {
                byte[] values = new byte[size];
                bytes.get(values);
                yield Tensor.of(TensorType.INT8, values, shape);
            }
            case UINT8 -> {
                short[] values = new short[size];
                for (int i = 0; i < size; i++) {
                    values[i] = (short) (bytes.get() & 0xff);
                }
                yield Tensor.of(TensorType.UINT8, values, shape);
            }
            case BOOLEAN -> {
                boolean[] values = new boolean[size];
                for (int i = 0; i < size; i++) {
                    values[i] = bytes.get() != 0;
                }
                yield Tensor.of(values, shape);
            }
            default ->
                throw new IllegalArgumentException(
                        "it gives a tensor of a type that DJL does not know, such as BF16 or INT16; cast it in forward");
        };
    }
}
