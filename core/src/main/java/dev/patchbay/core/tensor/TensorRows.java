package dev.patchbay.core.tensor;

import dev.patchbay.api.Tensor;
import dev.patchbay.api.Tensors;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Puts the tensors of several requests, one row each, into one set for a single run of a model, and takes its answers
/// apart again.
final class TensorRows {

    private TensorRows() {}

    /// Tells whether every tensor holds one row of a batch.
    static boolean isOneRow(Tensors tensors) {
        return tensors.byName().values().stream().allMatch(tensor -> tensor.rank() > 0 && tensor.dimension(0) == 1);
    }

    /// Gives the shapes, by which requests may share a run.
    static Object shapes(Tensors tensors) {
        List<Object> shapes = new ArrayList<>();
        tensors.byName().forEach((name, tensor) -> {
            shapes.add(name);
            for (long size : tensor.shape()) {
                shapes.add(size);
            }
        });
        return shapes;
    }

    /// Puts requests of equal shapes together along their first dimension.
    static Tensors join(List<Tensors> requests) {
        Map<String, Tensor> joined = new LinkedHashMap<>();
        requests.getFirst().byName().forEach((name, first) -> {
            int row = first.size();
            Object values = Array.newInstance(first.values().getClass().getComponentType(), row * requests.size());
            for (int i = 0; i < requests.size(); i++) {
                System.arraycopy(requests.get(i).get(name).values(), 0, values, i * row, row);
            }
            joined.put(name, Tensor.of(first.type(), values, withRows(first.shape(), requests.size())));
        });
        return new Tensors(joined);
    }

    /// Takes answers apart, a row for each request.
    ///
    /// @throws IllegalStateException if a tensor has not as many rows
    static List<Tensors> split(Tensors answers, int rows) {
        List<Map<String, Tensor>> apart = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            apart.add(LinkedHashMap.newLinkedHashMap(answers.byName().size()));
        }
        answers.byName().forEach((name, all) -> {
            if (all.rank() == 0 || all.dimension(0) != rows) {
                throw new IllegalStateException(
                        "the model was given %d rows, but its output '%s' is %s".formatted(rows, name, all));
            }
            int row = all.size() / rows;
            long[] shape = withRows(all.shape(), 1);
            for (int i = 0; i < rows; i++) {
                Object values = Array.newInstance(all.values().getClass().getComponentType(), row);
                System.arraycopy(all.values(), i * row, values, 0, row);
                apart.get(i).put(name, Tensor.of(all.type(), values, shape));
            }
        });
        return apart.stream().map(Tensors::new).toList();
    }

    /// Makes a row that differs from another in its numbers with a fraction; whole numbers are often indexes.
    static Tensors other(Tensors row) {
        Map<String, Tensor> other = new LinkedHashMap<>();
        row.byName().forEach((name, tensor) -> {
            Object values = tensor.values();
            if (values instanceof float[] floats) {
                float[] changed = new float[floats.length];
                for (int i = 0; i < changed.length; i++) {
                    changed[i] = floats[i] / 2 + 1;
                }
                values = changed;
            }
            other.put(name, Tensor.of(tensor.type(), values, tensor.shape()));
        });
        return new Tensors(other);
    }

    /// Tells whether two sets of tensors are the same, but for rounding.
    static boolean near(Tensors left, Tensors right, double rounding) {
        return left.byName().entrySet().stream()
                .allMatch(entry -> near(entry.getValue(), right.get(entry.getKey()), rounding));
    }

    private static boolean near(Tensor left, Tensor right, double rounding) {
        if (!Arrays.equals(left.shape(), right.shape())) {
            return false;
        }
        if (left.values() instanceof float[] a && right.values() instanceof float[] b) {
            for (int i = 0; i < a.length; i++) {
                if (Math.abs(a[i] - b[i]) > rounding * Math.max(1, Math.abs(a[i]))) {
                    return false;
                }
            }
            return true;
        }
        return Objects.deepEquals(left.values(), right.values());
    }

    private static long[] withRows(long[] shape, long rows) {
        shape[0] = rows;
        return shape;
    }
}
