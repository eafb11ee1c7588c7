package dev.patchbay.api;

import java.util.List;

/// A model opened in one of the host's engines. The host closes it when no call can use it any more; the module
/// has nothing to close. May be used by many threads at a time.
public interface Model {

    /// Lists the tensors the model takes, in its order.
    List<TensorSpec> inputs();

    /// Lists the tensors the model gives, in its order.
    List<TensorSpec> outputs();

    /// Runs the model and gives all its outputs.
    ///
    /// @param inputs the inputs of the model by name; those that are optional may be left out
    /// @throws IllegalArgumentException if an input is missing, unknown, or of a type or shape the model does
    ///     not take; the message names what it takes
    /// @throws IllegalStateException if the engine fails or the model is closed
    Tensors run(Tensors inputs);

    /// Tells whether rows take less time together than one after the other. Where they do not, the host never waits to
    /// put calls together.
    default boolean gainsFromBatches() {
        return true;
    }

    /// Runs a model with one row of floats as its only input of shape `[1, row.length]`.
    default Tensors run(String input, float[] row) {
        return run(Tensors.of(input, Tensor.of(row, 1, row.length)));
    }
}
