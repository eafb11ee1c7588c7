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
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.ModelRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One ONNX session. Every native tensor made for a run is closed when the run ends, however it ends: one that
/// is left open pins the session's memory for ever.
final class OnnxModel implements ModelRuntime.OpenModel {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;

    OnnxModel(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.inputs = specs(session.getInputInfo());
        this.outputs = specs(session.getOutputInfo());
    }

    private static List<TensorSpec> specs(Map<String, NodeInfo> nodes) {
        List<TensorSpec> specs = new ArrayList<>();
        nodes.forEach((name, node) -> {
            if (!(node.getInfo() instanceof TensorInfo tensor)) {
                throw new IllegalArgumentException("'" + name + "' is no tensor but a "
                        + node.getInfo().getClass().getSimpleName()
                        + "; export the model with tensors only (for scikit-learn: zipmap=False)");
            }
            specs.add(new TensorSpec(
                    name,
                    OnnxTypes.type(tensor.type),
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
        check(given);
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
            throw new IllegalStateException("ONNX Runtime failed: " + OnnxRuntime.firstSentence(e), e);
        } finally {
            natives.values().forEach(OnnxTensor::close);
        }
    }

    private void check(Tensors given) {
        if (given.byName().size() != inputs.size()) {
            for (String name : given.byName().keySet()) {
                if (inputs.stream().noneMatch(spec -> spec.name().equals(name))) {
                    throw new IllegalArgumentException("the model has no input '" + name + "'; it takes " + inputs);
                }
            }
        }
        for (TensorSpec input : inputs) {
            Tensor tensor = given.byName().get(input.name());
            if (tensor == null) {
                throw new IllegalArgumentException(
                        "input '" + input.name() + "' is missing; the model takes " + inputs);
            }
            long[] shape = tensor.shape();
            boolean fits = tensor.type() == input.type()
                    && shape.length == input.shape().size();
            for (int i = 0; fits && i < shape.length; i++) {
                long wanted = input.shape().get(i);
                fits = wanted < 0 || wanted == shape[i];
            }
            if (!fits) {
                throw new IllegalArgumentException(
                        "input '%s' is %s, but the model takes %s".formatted(input.name(), tensor, input));
            }
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
