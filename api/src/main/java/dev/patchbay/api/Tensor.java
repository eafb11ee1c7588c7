package dev.patchbay.api;

import java.util.Arrays;
import java.util.Objects;

/// A dense tensor in row-major order.
///
/// The values are kept in one Java array, which is not copied: whoever hands an array over no longer writes to
/// it, and whoever reads one does not change it. Element types and arrays belong together like this:
///
/// | type | array |
/// |---|---|
/// | `FP32` | `float[]` |
/// | `FP64` | `double[]` |
/// | `INT64`, `UINT64`, `UINT32` | `long[]` |
/// | `INT32`, `UINT16` | `int[]` |
/// | `INT16`, `UINT8`, `FP16`, `BF16` (as raw bits) | `short[]` |
/// | `INT8` | `byte[]` |
/// | `BOOL` | `boolean[]` |
/// | `BYTES` | `String[]` or `byte[][]` |
public final class Tensor {

    private final TensorType type;
    private final long[] shape;
    private final Object values;

    private Tensor(TensorType type, Object values, int length, long[] shape) {
        long expected = elements(shape);
        if (expected != length) {
            throw new IllegalArgumentException(
                    "shape %s holds %d values, but %d were given".formatted(Arrays.toString(shape), expected, length));
        }
        this.type = type;
        this.values = values;
        this.shape = shape;
    }

    /// Makes an `FP32` tensor.
    public static Tensor of(float[] values, long... shape) {
        return new Tensor(TensorType.FP32, values, values.length, shape.clone());
    }

    /// Makes an `FP64` tensor.
    public static Tensor of(double[] values, long... shape) {
        return new Tensor(TensorType.FP64, values, values.length, shape.clone());
    }

    /// Makes an `INT64` tensor.
    public static Tensor of(long[] values, long... shape) {
        return new Tensor(TensorType.INT64, values, values.length, shape.clone());
    }

    /// Makes an `INT32` tensor.
    public static Tensor of(int[] values, long... shape) {
        return new Tensor(TensorType.INT32, values, values.length, shape.clone());
    }

    /// Makes a `BOOL` tensor.
    public static Tensor of(boolean[] values, long... shape) {
        return new Tensor(TensorType.BOOL, values, values.length, shape.clone());
    }

    /// Makes a `BYTES` tensor of strings.
    public static Tensor of(String[] values, long... shape) {
        return new Tensor(TensorType.BYTES, values, values.length, shape.clone());
    }

    /// Makes a tensor of any type from the array that belongs to it.
    ///
    /// @throws IllegalArgumentException if the array is not of the kind the type needs, or does not fill the shape
    public static Tensor of(TensorType type, Object values, long... shape) {
        boolean fits = switch (type) {
            case FP32 -> values instanceof float[];
            case FP64 -> values instanceof double[];
            case INT64, UINT64, UINT32 -> values instanceof long[];
            case INT32, UINT16 -> values instanceof int[];
            case INT16, UINT8, FP16, BF16 -> values instanceof short[];
            case INT8 -> values instanceof byte[];
            case BOOL -> values instanceof boolean[];
            case BYTES -> values instanceof String[] || values instanceof byte[][];
        };
        if (!fits) {
            throw new IllegalArgumentException("values of %s are not kept in a %s"
                    .formatted(type, values.getClass().getSimpleName()));
        }
        return new Tensor(type, values, java.lang.reflect.Array.getLength(values), shape.clone());
    }

    private static long elements(long[] shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has a negative size");
            }
            try {
                count = Math.multiplyExact(count, size);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " holds more values than can be counted", e);
            }
        }
        return count;
    }

    /// Gives the element type.
    public TensorType type() {
        return type;
    }

    /// Gives a copy of the shape.
    public long[] shape() {
        return shape.clone();
    }

    /// Counts the dimensions.
    public int rank() {
        return shape.length;
    }

    /// Gives the size of one dimension.
    ///
    /// @throws IndexOutOfBoundsException if there is no such dimension
    public long dimension(int index) {
        return shape[Objects.checkIndex(index, shape.length)];
    }

    /// Counts the values.
    public int size() {
        return java.lang.reflect.Array.getLength(values);
    }

    /// Gives the array behind the tensor, of the kind that belongs to its type.
    public Object values() {
        return values;
    }

    /// Gives the values of an `FP32` tensor.
    ///
    /// @throws IllegalStateException if it is of another type
    public float[] floats() {
        return as(float[].class);
    }

    /// Gives the values of an `FP64` tensor.
    ///
    /// @throws IllegalStateException if it is of another type
    public double[] doubles() {
        return as(double[].class);
    }

    /// Gives the values of an `INT64` tensor.
    ///
    /// @throws IllegalStateException if it is of another type
    public long[] longs() {
        return as(long[].class);
    }

    /// Gives the values of a `BYTES` tensor of strings.
    ///
    /// @throws IllegalStateException if it is of another type
    public String[] strings() {
        return as(String[].class);
    }

    /// Gives the only value of a numeric tensor.
    ///
    /// @throws IllegalStateException if there is not exactly one, or it is no number
    public double scalar() {
        if (size() != 1) {
            throw new IllegalStateException("a tensor of shape " + Arrays.toString(shape) + " is no scalar");
        }
        return switch (values) {
            case float[] array -> array[0];
            case double[] array -> array[0];
            case long[] array -> array[0];
            case int[] array -> array[0];
            case byte[] array -> array[0];
            case short[] array when type == TensorType.INT16 || type == TensorType.UINT8 -> array[0];
            default -> throw new IllegalStateException("a tensor of " + type + " has no numeric value");
        };
    }

    private <A> A as(Class<A> array) {
        if (!array.isInstance(values)) {
            throw new IllegalStateException("the tensor holds %s in a %s, not a %s"
                    .formatted(type, values.getClass().getSimpleName(), array.getSimpleName()));
        }
        return array.cast(values);
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
