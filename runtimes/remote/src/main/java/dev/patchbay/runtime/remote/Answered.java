package dev.patchbay.runtime.remote;

import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.Tensors;
import dev.patchbay.oip.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/// Holds what a server answered to what its model gives.
final class Answered {

    private Answered() {}

    /// @throws dev.patchbay.api.InferenceException if a tensor is missing, or is another one
    static Tensors of(Target target, Map<String, Tensor> tensors, Signature signature) {
        Map<String, Tensor> wanted = LinkedHashMap.newLinkedHashMap(tensors.size());
        for (TensorSpec spec : signature.outputs()) {
            Tensor tensor = tensors.get(spec.name());
            if (tensor == null) {
                throw RemoteFailure.of(
                        target,
                        "answers without the tensor '%s'; there %s"
                                .formatted(
                                        spec.name(),
                                        tensors.isEmpty()
                                                ? "is none"
                                                : "is " + RemoteFailure.excerpt(String.join(", ", tensors.keySet()))),
                        null);
            }
            if (tensor.type() != spec.type() || !Shape.fits(tensor.shape(), spec)) {
                throw RemoteFailure.of(target, "answers with %s where it gives %s".formatted(tensor, spec), null);
            }
            wanted.put(spec.name(), tensor);
        }
        return new Tensors(wanted);
    }
}
