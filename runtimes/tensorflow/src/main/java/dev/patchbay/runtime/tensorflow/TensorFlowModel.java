package dev.patchbay.runtime.tensorflow;

import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.ModelRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.types.family.TType;

/// One signature of a SavedModel. Every native tensor of a run is freed when the run ends, however it ends.
final class TensorFlowModel implements ModelRuntime.OpenModel {

    private final SavedModelBundle bundle;
    private final Signature signature;

    TensorFlowModel(SavedModelBundle bundle, Signature signature) {
        this.bundle = bundle;
        this.signature = signature;
    }

    @Override
    public List<TensorSpec> inputs() {
        return signature.inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
        return signature.outputs();
    }

    @Override
    public Tensors run(Tensors given) {
        given.requireFit(inputs());
        List<TType> natives = new ArrayList<>(inputs().size());
        try {
            Session.Runner runner = bundle.session().runner();
            for (TensorSpec input : inputs()) {
                TType tensor = TensorFlowTypes.toNative(given.get(input.name()));
                natives.add(tensor);
                Signature.Place place = signature.input(input);
                runner.feed(place.operation(), place.index(), tensor);
            }
            for (TensorSpec output : outputs()) {
                Signature.Place place = signature.output(output);
                runner.fetch(place.operation(), place.index());
            }
            try (Result result = run(runner)) {
                Map<String, Tensor> answers =
                        LinkedHashMap.newLinkedHashMap(outputs().size());
                for (int i = 0; i < outputs().size(); i++) {
                    answers.put(outputs().get(i).name(), TensorFlowTypes.toJava(result.get(i)));
                }
                return new Tensors(answers);
            }
        } finally {
            natives.forEach(TType::close);
        }
    }

    private static Result run(Session.Runner runner) {
        try {
            return runner.run();
        } catch (RuntimeException e) {
            throw new IllegalStateException("TensorFlow failed: " + cause(e), e);
        }
    }

    static String cause(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        bundle.close();
    }
}
