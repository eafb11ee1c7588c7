package dev.patchbay.runtime.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/// The sizes of a model's inputs that are left to the caller, and what they have to do with each other: whether a run
/// failed because of them. Sizes of one name are meant to be equal. That they are not is no error by itself, since
/// models are exported with careless names; it is one when the run fails.
final class OpenSizes {

    /// What ONNX Runtime says when tensors do not fit each other. Most of its operators have no code of their own for
    /// that, and nothing else that fails a run, such as memory, is said in these words.
    private static final Pattern ABOUT_SIZES =
            Pattern.compile("Status Message: .*(broadcast|dimension|shape)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /// @param name empty if the model gives none
    private record Size(String input, int axis, String name) {

        long of(Tensors given) {
            return given.get(input).shape()[axis];
        }
    }

    private final List<Size> sizes = new ArrayList<>();

    OpenSizes(Map<String, NodeInfo> inputs) {
        inputs.forEach((input, node) -> {
            if (node.getInfo() instanceof TensorInfo tensor) {
                long[] shape = tensor.getShape();
                String[] names = tensor.getDimensionNames();
                for (int axis = 0; axis < shape.length; axis++) {
                    if (shape[axis] < 0) {
                        sizes.add(new Size(input, axis, names[axis]));
                    }
                }
            }
        });
    }

    /// Finds what inputs have that does not fit each other, after a run failed.
    ///
    /// @return empty if nothing speaks for that: the model or the engine failed
    Optional<String> mismatch(Tensors given, OrtException failure) {
        Optional<String> byName = find(
                        given,
                        (one, other) -> !one.name().isEmpty() && one.name().equals(other.name()))
                .map(words -> words + ", which the model means to be equal");
        return byName.isPresent() || !isAboutSizes(failure)
                ? byName
                : find(
                        given,
                        (one, other) ->
                                one.axis() == other.axis() && !one.input().equals(other.input()));
    }

    private static boolean isAboutSizes(OrtException failure) {
        return failure.getCode() == OrtException.OrtErrorCode.ORT_INVALID_ARGUMENT
                || ABOUT_SIZES.matcher(String.valueOf(failure.getMessage())).find();
    }

    private Optional<String> find(Tensors given, BiPredicate<Size, Size> related) {
        for (int i = 0; i < sizes.size(); i++) {
            Size one = sizes.get(i);
            for (Size other : sizes.subList(0, i)) {
                if (related.test(other, one) && other.of(given) != one.of(given)) {
                    return Optional.of(words(other, given) + " and " + words(one, given));
                }
            }
        }
        return Optional.empty();
    }

    private static String words(Size size, Tensors given) {
        Tensor tensor = given.get(size.input());
        return "axis %d of input '%s' %s is %d".formatted(size.axis(), size.input(), tensor, size.of(given));
    }
}
