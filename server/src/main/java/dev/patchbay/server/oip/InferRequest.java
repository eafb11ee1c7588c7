package dev.patchbay.server.oip;

import dev.patchbay.api.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An inference request as the protocol brings it, before it is known which version answers.
///
/// @param id given back with the answer
/// @param parameters name → text, `Long`, `Double` or `Boolean`
/// @param outputs what is asked for; empty for all
/// @param binaryOutput whether outputs that do not say so themselves are answered in bytes
record InferRequest(
        @Nullable String id,
        Map<String, Object> parameters,
        Inputs inputs,
        List<RequestedOutput> outputs,
        boolean binaryOutput) {

    /// What is asked.
    sealed interface Inputs {

        /// Tensors by name.
        record Named(List<NamedTensor> tensors) implements Inputs {}

        /// The bytes of a model's only input, whose name, type and shape are the model's.
        record OnlyInput(byte[] bytes) implements Inputs {}
    }

    /// A tensor of a request or an answer.
    record NamedTensor(String name, Tensor tensor) {}

    /// @param binary whether it is answered in bytes; null if the request as a whole says so
    record RequestedOutput(String name, @Nullable Boolean binary) {}

    boolean isBinary(String output) {
        for (RequestedOutput requested : outputs) {
            if (requested.binary() != null && requested.name().equals(output)) {
                return requested.binary();
            }
        }
        return binaryOutput;
    }
}
