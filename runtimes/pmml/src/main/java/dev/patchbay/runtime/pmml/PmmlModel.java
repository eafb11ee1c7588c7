package dev.patchbay.runtime.pmml;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.ModelRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pmml4s.model.Model;

/// A PMML model. Each of its fields is a tensor with a value for each row.
final class PmmlModel implements ModelRuntime.OpenModel {

    private static final List<Long> ROWS = List.of(-1L);

    private final Model model;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;

    PmmlModel(Model model, PmmlFields fields) {
        this.model = model;
        this.inputs = Arrays.stream(model.inputFields())
                .map(field -> new TensorSpec(
                        field.name(),
                        PmmlFields.tensorType(field.dataType().toString()),
                        ROWS,
                        fields.optional(field.name()),
                        fields.rules(field.name())))
                .toList();
        this.outputs = Arrays.stream(model.outputFields())
                .map(field -> new TensorSpec(
                        field.name(),
                        PmmlFields.tensorType(field.dataType().toString()),
                        ROWS,
                        false,
                        field.feature().toString().equals("predictedValue")
                                ? fields.categories(model.targetName())
                                : Map.of()))
                .toList();
    }

    @Override
    public List<TensorSpec> inputs() {
        return inputs;
    }

    @Override
    public List<TensorSpec> outputs() {
        return outputs;
    }

    /// Rows are scored one after the other.
    @Override
    public boolean gainsFromBatches() {
        return false;
    }

    @Override
    public Tensors run(Tensors given) {
        given.requireFit(inputs);
        int rows = rows(given);
        Object[] arrays = new Object[outputs.size()];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = switch (outputs.get(i).type()) {
                case FP64 -> new double[rows];
                case FP32 -> new float[rows];
                case INT64 -> new long[rows];
                case BOOL -> new boolean[rows];
                default -> new String[rows];
            };
        }
        for (int row = 0; row < rows; row++) {
            List<Object> answer = model.predict(fields(given, row));
            for (int i = 0; i < arrays.length; i++) {
                put(arrays[i], row, answer.get(i), outputs.get(i).name());
            }
        }
        Map<String, Tensor> answers = LinkedHashMap.newLinkedHashMap(arrays.length);
        for (int i = 0; i < arrays.length; i++) {
            answers.put(outputs.get(i).name(), Tensor.of(outputs.get(i).type(), arrays[i], rows));
        }
        return new Tensors(answers);
    }

    private static int rows(Tensors given) {
        long rows = -1;
        for (Map.Entry<String, Tensor> input : given.byName().entrySet()) {
            long here = input.getValue().dimension(0);
            if (rows >= 0 && here != rows) {
                throw new InferenceException(
                        ErrorCode.INVALID_REQUEST,
                        "Input '%s' has %d rows, but those before it have %d".formatted(input.getKey(), here, rows));
            }
            rows = here;
        }
        return rows < 0 ? 1 : Math.toIntExact(rows);
    }

    private List<Object> fields(Tensors given, int row) {
        List<Object> fields = new ArrayList<>(inputs.size());
        for (TensorSpec input : inputs) {
            Tensor tensor = given.byName().get(input.name());
            // the engine takes null for a value that is missing
            fields.add(tensor == null ? null : value(tensor, row));
        }
        return fields;
    }

    private static Object value(Tensor tensor, int row) {
        return switch (tensor.values()) {
            case double[] array -> array[row];
            case float[] array -> array[row];
            case long[] array -> array[row];
            case boolean[] array -> array[row];
            case String[] array -> array[row];
            default -> throw new IllegalArgumentException("PMML has no values of " + tensor.type());
        };
    }

    private static void put(Object array, int row, @Nullable Object value, String output) {
        switch (array) {
            case double[] numbers
            when value instanceof Number number && !Double.isNaN(number.doubleValue()) ->
                numbers[row] = number.doubleValue();
            case float[] numbers
            when value instanceof Number number && !Float.isNaN(number.floatValue()) ->
                numbers[row] = number.floatValue();
            case long[] numbers when value instanceof Number number -> numbers[row] = number.longValue();
            case boolean[] truths when value instanceof Boolean truth -> truths[row] = truth;
            case String[] texts when value != null -> texts[row] = value.toString();
            default ->
                throw new InferenceException(
                        ErrorCode.INVALID_REQUEST,
                        "The model gives no '%s' for this request: by its rules, a value in it is missing or not valid"
                                .formatted(output));
        }
    }

    @Override
    public void close() {}
}
