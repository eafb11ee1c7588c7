package dev.patchbay.runtime.torchscript;

import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.runtime.torchscript.TorchScriptFile.Argument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tensors as `options` declares them, because a TorchScript file knows the names of its inputs, but neither their
/// types nor their shapes, and no names of its outputs.
final class DeclaredTensors {

    private static final Pattern TENSOR = Pattern.compile("\\s*(\\w+)\\s+(\\w+)\\s*\\[([-\\d,\\s]*)\\]\\s*(?:,|$)");

    private DeclaredTensors() {}

    /// Reads tensors such as `x FP32[-1,4], mask INT64[-1,-1]`.
    ///
    /// @param forward what the model's method takes
    /// @throws IllegalArgumentException if they are not what the method takes
    static List<TensorSpec> inputs(String declared, List<Argument> forward) {
        List<TensorSpec> specs = new ArrayList<>();
        Matcher matcher = TENSOR.matcher(declared);
        int at = 0;
        while (at < declared.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw wrong("cannot be read from '%s' on".formatted(declared.substring(at)), forward);
            }
            specs.add(new TensorSpec(matcher.group(1), type(matcher.group(2)), shape(matcher.group(3))));
            at = matcher.end();
        }
        if (specs.isEmpty()) {
            throw wrong("is missing: a TorchScript file does not say which types and shapes its inputs have", forward);
        }
        for (int i = 0; i < Math.max(specs.size(), forward.size()); i++) {
            if (i >= specs.size() && forward.get(i).hasDefault()) {
                break;
            }
            if (i >= specs.size()
                    || i >= forward.size()
                    || !specs.get(i).name().equals(forward.get(i).name())
                    || !forward.get(i).type().matches("Tensor|Optional\\[Tensor\\]")) {
                throw wrong("declares " + specs, forward);
            }
        }
        return List.copyOf(specs);
    }

    private static TensorType type(String name) {
        return Arrays.stream(TensorType.values())
                .filter(type -> type.name().equals(name) && type != TensorType.BYTES)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "options.inputs: '%s' is no type of tensors; write one such as FP32 or INT64".formatted(name)));
    }

    private static List<Long> shape(String sizes) {
        return sizes.isBlank()
                ? List.of()
                : Arrays.stream(sizes.split(","))
                        .map(size -> Long.valueOf(size.strip()))
                        .toList();
    }

    private static IllegalArgumentException wrong(String what, List<Argument> forward) {
        return new IllegalArgumentException(
                "options.inputs %s. The model's forward takes %s: write name, type and shape of each tensor in this order, such as 'x FP32[-1,4]'"
                        .formatted(what, forward));
    }

    /// Reads names such as `label, probabilities`; empty if none are given.
    static List<String> outputs(String declared) {
        return declared.isBlank()
                ? List.of()
                : Arrays.stream(declared.split(",")).map(String::strip).toList();
    }
}
