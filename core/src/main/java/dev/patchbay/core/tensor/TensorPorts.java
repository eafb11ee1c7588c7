package dev.patchbay.core.tensor;

import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import java.util.List;
import java.util.Optional;

/// A codec whose module takes and gives tensors: protocols that speak in tensors pass it by.
public interface TensorPorts {

    /// Lists the tensors the module takes.
    List<TensorSpec> inputTensors();

    /// Lists the tensors the module gives, also those that its JSON leaves out.
    List<TensorSpec> outputTensors();

    /// Tells what is wrong with the values of an input whose type and shape fit.
    Optional<String> wrong(String input, Tensor tensor);
}
