package dev.patchbay.runtime.remote;

import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.runtime.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tensors that a model takes and gives.
record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {

    /// Reads `inputs` and `outputs` of `module.yaml`.
    ///
    /// @return null if there are none, so that the server is asked
    static @Nullable Signature of(Keys section) {
        List<TensorSpec> inputs = specs(section, "inputs");
        List<TensorSpec> outputs = specs(section, "outputs");
        if (inputs.isEmpty() != outputs.isEmpty()) {
            throw section.wrong(
                    inputs.isEmpty() ? "inputs" : "outputs",
                    "is missing; write both inputs and outputs, or neither, to ask the server");
        }
        return inputs.isEmpty() ? null : new Signature(inputs, outputs);
    }

    private static List<TensorSpec> specs(Keys section, String key) {
        List<TensorSpec> specs = new ArrayList<>();
        for (Keys spec : section.list(key)) {
            String name = spec.required("name", "the tensor's name");
            String datatype = spec.required("datatype", "one of " + names());
            TensorType type = type(datatype);
            if (type == null) {
                throw spec.wrong("datatype", "must be one of %s, but is '%s'".formatted(names(), datatype));
            }
            List<Long> shape = new ArrayList<>();
            for (Object size : spec.items("shape")) {
                if (!(size instanceof Number number) || number.longValue() < -1) {
                    throw spec.wrong("shape", "is a list of sizes such as [-1, 30]; -1 is any size");
                }
                shape.add(number.longValue());
            }
            spec.finish();
            specs.add(new TensorSpec(name, type, shape));
        }
        return List.copyOf(specs);
    }

    static @Nullable TensorType type(String datatype) {
        for (TensorType type : TensorType.values()) {
            if (type.name().equals(datatype)) {
                return type;
            }
        }
        return null;
    }

    private static List<String> names() {
        return Stream.of(TensorType.values()).map(TensorType::name).toList();
    }

    /// Makes a spec of what a server says.
    static TensorSpec told(Target target, String name, String datatype, List<Long> shape) {
        TensorType type = type(datatype);
        if (name.isEmpty() || type == null) {
            throw RemoteFailure.of(
                    target,
                    "describes a tensor '%s' of '%s', which is no datatype here; write inputs and outputs in module.yaml"
                            .formatted(name, datatype),
                    null);
        }
        return new TensorSpec(name, type, shape);
    }

    /// Tells what a model lacks that a server describes.
    Signature whole(Target target, String model) {
        if (inputs.isEmpty() || outputs.isEmpty()) {
            throw RemoteFailure.of(
                    target,
                    "does not describe the %s of model %s; write inputs and outputs in module.yaml"
                            .formatted(inputs.isEmpty() ? "inputs" : "outputs", model),
                    null);
        }
        return this;
    }
}
