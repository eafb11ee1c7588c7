package dev.patchbay.runtime.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.MismatchedInputs;
import dev.patchbay.api.runtime.ModelRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// One ONNX session. Every native tensor made for a run is closed when the run ends, however it ends: one that
/// is left open pins the session's memory for ever.
final class OnnxModel implements ModelRuntime.OpenModel {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final OpenSizes openSizes;

    OnnxModel(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.inputs = specs(session.getInputInfo(), OnnxTypes::inputType);
        this.openSizes = new OpenSizes(session.getInputInfo());
        this.outputs = specs(session.getOutputInfo(), OnnxTypes::outputType);
    }

    private static List<TensorSpec> specs(
            Map<String, NodeInfo> nodes, BiFunction<String, TensorInfo, TensorType> types) {
        List<TensorSpec> specs = new ArrayList<>();
        nodes.forEach((name, node) -> {
            if (!(node.getInfo() instanceof TensorInfo tensor)) {
                throw new IllegalArgumentException("'" + name + "' is no tensor but a "
                        + node.getInfo().getClass().getSimpleName()
                        + "; export the model with tensors only (for scikit-learn: zipmap=False)");
            }
            specs.add(new TensorSpec(
                    name,
                    types.apply(name, tensor),
                    Arrays.stream(tensor.getShape()).boxed().toList()));
        });
        return List.copyOf(specs);
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
        Map<String, OnnxTensor> natives = LinkedHashMap.newLinkedHashMap(inputs.size());
        try {
            for (TensorSpec input : inputs) {
                natives.put(input.name(), OnnxTypes.toNative(environment, given.get(input.name())));
            }
            try (OrtSession.Result result = session.run(natives)) {
                Map<String, Tensor> answers = LinkedHashMap.newLinkedHashMap(outputs.size());
                for (Map.Entry<String, OnnxValue> output : result) {
                    answers.put(output.getKey(), OnnxTypes.toJava((OnnxTensor) output.getValue()));
                }
                return new Tensors(answers);
            }
        } catch (OrtException e) {
            throw openSizes
                    .mismatch(given, e)
                    .<RuntimeException>map(
                            sizes -> new MismatchedInputs("The inputs do not fit each other: " + sizes, e))
                    .orElseGet(
                            () -> new IllegalStateException("ONNX Runtime failed: " + OnnxRuntime.firstSentence(e), e));
        } finally {
            natives.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(
                    "ONNX Runtime could not close the model: " + OnnxRuntime.firstSentence(e), e);
        }
    }
}
