package dev.patchbay.oip.tensor;

import dev.patchbay.api.TensorSpec;
import java.util.Arrays;
import java.util.List;

/// Checks shapes before anything is allocated for them.
public final class Shape {

    private static final int MOST_DIMENSIONS = 32;
    /// A size beside 0 needs no data to be said, and an engine may allocate by it.
    private static final long LARGEST_BESIDE_ZERO = 4096;

    private Shape() {}

    /// Counts the values of a tensor of a shape.
    ///
    /// @throws InvalidTensor if the shape is none
    public static long elements(String input, long[] shape) {
        if (shape.length > MOST_DIMENSIONS) {
            throw new InvalidTensor(
                    input, "has %d dimensions; a tensor has at most %d here".formatted(shape.length, MOST_DIMENSIONS));
        }
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new InvalidTensor(
                        input, "has the shape %s; a size is never negative".formatted(Arrays.toString(shape)));
            }
            long high = Math.multiplyHigh(count, size);
            count *= size;
            if (high != 0 || count < 0) {
                throw new InvalidTensor(
                        input,
                        "has the shape %s, which holds more values than can be counted"
                                .formatted(Arrays.toString(shape)));
            }
        }
        if (count == 0 && Arrays.stream(shape).anyMatch(size -> size > LARGEST_BESIDE_ZERO)) {
            throw new InvalidTensor(
                    input,
                    "has the shape %s, which holds no values; its other sizes are at most %d here"
                            .formatted(Arrays.toString(shape), LARGEST_BESIDE_ZERO));
        }
        return count;
    }

    /// Tells whether a tensor of a shape is one that a model takes.
    public static boolean fits(long[] shape, TensorSpec spec) {
        List<Long> wanted = spec.shape();
        if (shape.length != wanted.size()) {
            return false;
        }
        for (int i = 0; i < shape.length; i++) {
            if (wanted.get(i) >= 0 && wanted.get(i) != shape[i]) {
                return false;
            }
        }
        return true;
    }
}
