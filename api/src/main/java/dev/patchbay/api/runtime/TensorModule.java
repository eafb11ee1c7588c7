package dev.patchbay.api.runtime;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.Tensors;
import java.util.List;

/// A module that takes and gives tensors, and knows which once it is loaded. The gateway makes them of JSON, and
/// hands those through that come as tensors.
///
/// Every method but `load` is called after `load`. Requests and answers are [Tensors].
public interface TensorModule extends InferenceModule<Object, Object> {

    /// Lists the tensors the module takes.
    List<TensorSpec> inputs();

    /// Lists the tensors the module gives.
    List<TensorSpec> outputs();

    /// Tells where the tensors are in the JSON.
    TensorMapping mapping();

    /// Answers one request.
    ///
    /// @param inputs every tensor of [#inputs], of its type and of a shape that fits
    /// @return every tensor of [#outputs]
    /// @throws Exception as [InferenceModule#predict]
    Tensors run(Tensors inputs, Call call) throws Exception;

    @Override
    default Object predict(Object request, Call call) throws Exception {
        return run((Tensors) request, call);
    }
}
