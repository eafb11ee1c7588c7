package dev.patchbay.runtime.torchscript;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.ModelRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One TorchScript module. Every native tensor and value of a run is freed when the run ends, however it ends.
final class TorchScriptModel implements ModelRuntime.OpenModel {

    private final PtNDManager manager;
    private final PtSymbolBlock block;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;

    private TorchScriptModel(
            PtNDManager manager, PtSymbolBlock block, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        this.manager = manager;
        this.block = block;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /// Makes a model after seeing that it takes the inputs as declared. Its outputs are those that came: a dimension
    /// that grew with the open ones of the inputs is open, too.
    ///
    /// @param names names of the outputs; empty if the model's own, or numbers, will do
    /// @throws IllegalArgumentException if it does not take them, or gives other outputs than are named
    static TorchScriptModel tried(
            PtNDManager manager, PtSymbolBlock block, List<TensorSpec> inputs, List<String> names) {
        TorchScriptModel unnamed = new TorchScriptModel(manager, block, inputs, List.of());
        Map<String, Tensor> first;
        try {
            first = unnamed.call(zeros(inputs, 1), names);
        } catch (EngineException e) {
            throw new IllegalArgumentException(
                    "the model does not take its inputs as options.inputs declares them, %s: %s"
                            .formatted(inputs, cause(e)),
                    e);
        }
        Map<String, Tensor> second = first;
        try {
            second = unnamed.call(zeros(inputs, 2), names);
        } catch (EngineException oneRowOnly) {
            // then the sizes that came are the sizes it has
        }
        List<TensorSpec> outputs = new ArrayList<>();
        for (Map.Entry<String, Tensor> output : first.entrySet()) {
            Tensor one = output.getValue();
            Tensor two = Objects.requireNonNull(second.get(output.getKey()));
            List<Long> shape = new ArrayList<>();
            for (int i = 0; i < one.rank(); i++) {
                shape.add(two.rank() == one.rank() && one.dimension(i) == two.dimension(i) ? one.dimension(i) : -1);
            }
            outputs.add(new TensorSpec(output.getKey(), one.type(), shape));
        }
        return new TorchScriptModel(manager, block, inputs, List.copyOf(outputs));
    }

    private static Tensors zeros(List<TensorSpec> specs, long open) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : specs) {
            long[] shape = spec.shape().stream()
                    .mapToLong(size -> size < 0 ? open : size)
                    .toArray();
            long count = 1;
            for (long size : shape) {
                count *= size;
            }
            tensors.put(
                    spec.name(),
                    Tensor.of(spec.type(), TorchTypes.allocate(spec.type(), Math.toIntExact(count)), shape));
        }
        return new Tensors(tensors);
    }

    @Override
    public List<TensorSpec> inputs() {
        return inputs;
    }

    @Override
    public List<TensorSpec> outputs() {
        return outputs;
    }

    @Override
    public Tensors run(Tensors given) {
        given.requireFit(inputs);
        try {
            return new Tensors(
                    call(given, outputs.stream().map(TensorSpec::name).toList()));
        } catch (EngineException e) {
            throw new IllegalStateException("PyTorch failed: " + cause(e), e);
        }
    }

    private Map<String, Tensor> call(Tensors given, List<String> names) {
        List<IValue> values = new ArrayList<>(inputs.size());
        try (PtNDManager lent = (PtNDManager) manager.newSubManager()) {
            for (TensorSpec input : inputs) {
                values.add(IValue.from(TorchTypes.toNative(lent, given.get(input.name()))));
            }
            IValue answer = block.forward(values.toArray(IValue[]::new));
            values.add(answer);
            return read(answer, lent, names, values);
        } finally {
            values.forEach(IValue::close);
        }
    }

    /// @param opened where values that were taken out of the answer are put, to be closed with it
    private static Map<String, Tensor> read(IValue answer, PtNDManager lent, List<String> names, List<IValue> opened) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        if (answer.isMap()) {
            answer.toIValueMap().forEach((name, value) -> {
                opened.add(value);
                tensors.put(name, tensor(name, value, lent));
            });
            if (!names.isEmpty() && !tensors.keySet().equals(java.util.Set.copyOf(names))) {
                throw new IllegalArgumentException(
                        "options.outputs names %s, but the model gives %s".formatted(names, tensors.keySet()));
            }
            return tensors;
        }
        List<IValue> parts = new ArrayList<>();
        if (answer.isTuple()) {
            parts.addAll(List.of(answer.toIValueTuple()));
            opened.addAll(parts);
        } else if (answer.isTensorList() || answer.isList()) {
            parts.addAll(List.of(answer.toIValueArray()));
            opened.addAll(parts);
        } else {
            parts.add(answer);
        }
        if (!names.isEmpty() && names.size() != parts.size()) {
            throw new IllegalArgumentException("options.outputs names %d outputs, %s, but the model gives %d"
                    .formatted(names.size(), names, parts.size()));
        }
        for (int i = 0; i < parts.size(); i++) {
            String name = !names.isEmpty() ? names.get(i) : parts.size() == 1 ? "output" : "output_" + i;
            tensors.put(name, tensor(name, parts.get(i), lent));
        }
        return tensors;
    }

    private static Tensor tensor(String name, IValue value, PtNDManager lent) {
        if (!value.isTensor()) {
            throw new IllegalArgumentException(
                    "output '%s' is no tensor but of type %s; let forward return tensors, a tuple or a dictionary of them"
                            .formatted(name, value.getType()));
        }
        try (PtNDArray array = value.toTensor(lent)) {
            return TorchTypes.toJava(array);
        }
    }

    /// Finds the sentence that says what is wrong, beside those that say where.
    static String cause(EngineException e) {
        String message = String.valueOf(e.getMessage());
        String found = message.lines().findFirst().orElse("");
        for (String line : message.lines().toList()) {
            if (line.contains("Error: ")) {
                found = line.substring(line.indexOf("Error: ") + "Error: ".length());
            }
        }
        return found;
    }

    @Override
    public void close() {
        block.close();
        manager.close();
    }
}
