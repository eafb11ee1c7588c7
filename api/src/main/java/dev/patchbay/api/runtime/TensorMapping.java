package dev.patchbay.api.runtime;

import java.util.List;
import java.util.Map;

/// Where the tensors of a model are found in the request and go in the answer.
///
/// @param input tensor → JSON Pointer into the request; a tensor without one is a field of its own name
/// @param output tensor → JSON Pointer into the answer; if it is empty, every tensor is a field of its own name,
///     otherwise only those it names are answered
/// @param labels tensor → names of the positions of its last dimension; such an output is answered as
///     `{"label": the name of the highest, "scores": {name: value}}`
public record TensorMapping(Map<String, String> input, Map<String, String> output, Map<String, List<String>> labels) {}
