package dev.patchbay.runtime.remote;

import dev.patchbay.api.Call;
import dev.patchbay.api.Tensors;

/// A server with a model that takes and gives tensors. May be used by many threads.
interface TensorServer {

    /// Tells whether the model can be asked now.
    ///
    /// @throws dev.patchbay.api.InferenceException if the server cannot be asked, saying why
    boolean isReady(Patience patience) throws InterruptedException;

    /// Asks what the model takes and gives.
    ///
    /// @throws dev.patchbay.api.InferenceException if the server does not say
    Signature signature(Patience patience) throws InterruptedException;

    /// Asks the model.
    ///
    /// @param signature what it takes and gives
    /// @throws dev.patchbay.api.InferenceException if it does not answer well
    Tensors infer(Tensors inputs, Signature signature, Call call, Patience patience) throws InterruptedException;
}
