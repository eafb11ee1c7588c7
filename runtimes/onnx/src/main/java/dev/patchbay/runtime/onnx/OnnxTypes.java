package dev.patchbay.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/// Moves tensors between Java arrays and ONNX Runtime.
final class OnnxTypes {

    private OnnxTypes() {}

    /// Gives the type of an input. The binding writes no unsigned numbers of more than one byte.
    ///
    /// @throws IllegalArgumentException if the binding has none; the message names the tensor
    static TensorType inputType(String name, TensorInfo tensor) {
        return switch (tensor.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32,
                    ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> throw unknown(name);
            default -> outputType(name, tensor);
        };
    }

    /// Gives the type of an output.
    ///
    /// @throws IllegalArgumentException if the binding has none; the message names the tensor
    static TensorType outputType(String name, TensorInfo tensor) {
        return switch (tensor.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> TensorType.FP32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> TensorType.FP64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> TensorType.INT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> TensorType.INT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> TensorType.INT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> TensorType.INT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> TensorType.UINT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> TensorType.UINT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> TensorType.UINT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> TensorType.UINT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> TensorType.BOOL;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> TensorType.BYTES;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> TensorType.FP16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> TensorType.BF16;
            default -> throw unknown(name);
        };
    }

    private static IllegalArgumentException unknown(String tensor) {
        return new IllegalArgumentException(
                "'%s' is of a type that ONNX Runtime's Java binding does not move; it takes FP32, FP64, FP16, BF16, INT8, INT16, INT32, INT64, UINT8, BOOL and strings. Put a Cast in front of it"
                        .formatted(tensor));
    }

    static OnnxTensor toNative(OrtEnvironment environment, Tensor tensor) throws OrtException {
        long[] shape = tensor.shape();
        return switch (tensor.values()) {
            case float[] array -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(array), shape);
            case double[] array -> OnnxTensor.createTensor(environment, DoubleBuffer.wrap(array), shape);
            case long[] array
            when tensor.type() == TensorType.INT64 ->
                OnnxTensor.createTensor(environment, LongBuffer.wrap(array), shape);
            case int[] array
            when tensor.type() == TensorType.INT32 ->
                OnnxTensor.createTensor(environment, IntBuffer.wrap(array), shape);
            case short[] array
            when tensor.type() == TensorType.INT16 ->
                OnnxTensor.createTensor(environment, ShortBuffer.wrap(array), shape);
            case short[] array
            when tensor.type() == TensorType.FP16 ->
                OnnxTensor.createTensor(environment, ShortBuffer.wrap(array), shape, OnnxJavaType.FLOAT16);
            case short[] array
            when tensor.type() == TensorType.BF16 ->
                OnnxTensor.createTensor(environment, ShortBuffer.wrap(array), shape, OnnxJavaType.BFLOAT16);
            case short[] array
            when tensor.type() == TensorType.UINT8 -> {
                ByteBuffer bytes = direct(array.length);
                for (short value : array) {
                    bytes.put((byte) value);
                }
                yield OnnxTensor.createTensor(environment, bytes.flip(), shape, OnnxJavaType.UINT8);
            }
            case byte[] array ->
                OnnxTensor.createTensor(
                        environment, direct(array.length).put(array).flip(), shape);
            case boolean[] array -> {
                ByteBuffer bytes = direct(array.length);
                for (boolean value : array) {
                    bytes.put((byte) (value ? 1 : 0));
                }
                yield OnnxTensor.createTensor(environment, bytes.flip(), shape, OnnxJavaType.BOOL);
            }
            case String[] array -> OnnxTensor.createTensor(environment, array, shape);
            default -> throw new IllegalArgumentException("the ONNX engine takes no tensors of " + tensor.type());
        };
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    static Tensor toJava(OnnxTensor tensor) throws OrtException {
        long[] shape = tensor.getInfo().getShape();
        TensorType type = outputType("output", tensor.getInfo());
        return switch (type) {
            case FP32 -> Tensor.of(read(tensor.getFloatBuffer()), shape);
            case FP64 -> {
                DoubleBuffer buffer = tensor.getDoubleBuffer();
                double[] array = new double[buffer.remaining()];
                buffer.get(array);
                yield Tensor.of(array, shape);
            }
            case INT64, UINT64 -> {
                LongBuffer buffer = tensor.getLongBuffer();
                long[] array = new long[buffer.remaining()];
                buffer.get(array);
                yield Tensor.of(type, array, shape);
            }
            case UINT32 -> {
                IntBuffer buffer = tensor.getIntBuffer();
                long[] array = new long[buffer.remaining()];
                for (int i = 0; i < array.length; i++) {
                    array[i] = buffer.get() & 0xffff_ffffL;
                }
                yield Tensor.of(type, array, shape);
            }
            case UINT16 -> {
                ShortBuffer buffer = tensor.getShortBuffer();
                int[] array = new int[buffer.remaining()];
                for (int i = 0; i < array.length; i++) {
                    array[i] = buffer.get() & 0xffff;
                }
                yield Tensor.of(type, array, shape);
            }
            case INT32 -> {
                IntBuffer buffer = tensor.getIntBuffer();
                int[] array = new int[buffer.remaining()];
                buffer.get(array);
                yield Tensor.of(array, shape);
            }
            case INT16 -> Tensor.of(TensorType.INT16, read(tensor.getShortBuffer()), shape);
            case FP16, BF16 -> Tensor.of(type, read(bits(tensor)), shape);
            case INT8 -> {
                ByteBuffer buffer = tensor.getByteBuffer();
                byte[] array = new byte[buffer.remaining()];
                buffer.get(array);
                yield Tensor.of(TensorType.INT8, array, shape);
            }
            case UINT8 -> {
                ByteBuffer buffer = tensor.getByteBuffer();
                short[] array = new short[buffer.remaining()];
                for (int i = 0; i < array.length; i++) {
                    array[i] = (short) (buffer.get() & 0xff);
                }
                yield Tensor.of(TensorType.UINT8, array, shape);
            }
            case BOOL -> {
                ByteBuffer buffer = tensor.getByteBuffer();
                boolean[] array = new boolean[buffer.remaining()];
                for (int i = 0; i < array.length; i++) {
                    array[i] = buffer.get() != 0;
                }
                yield Tensor.of(array, shape);
            }
            case BYTES -> Tensor.of(strings(tensor.getValue()), shape);
        };
    }

    private static ShortBuffer bits(OnnxTensor tensor) {
        return tensor.getByteBuffer().order(ByteOrder.nativeOrder()).asShortBuffer();
    }

    private static float[] read(FloatBuffer buffer) {
        float[] array = new float[buffer.remaining()];
        buffer.get(array);
        return array;
    }

    private static short[] read(ShortBuffer buffer) {
        short[] array = new short[buffer.remaining()];
        buffer.get(array);
        return array;
    }

    /// Flattens the nested arrays that the binding gives for strings.
    private static String[] strings(Object value) {
        if (value instanceof String text) {
            return new String[] {text};
        }
        if (value instanceof String[] row) {
            return row;
        }
        int size = Array.getLength(value);
        java.util.List<String> all = new java.util.ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.addAll(java.util.List.of(strings(Array.get(value, i))));
        }
        return all.toArray(String[]::new);
    }
}
