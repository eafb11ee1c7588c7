package dev.patchbay.runtime.tensorflow;

import dev.patchbay.api.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/// A signature of a SavedModel: its tensors by the names that callers use, in alphabetical order, and where they are in
/// the graph.
///
/// @param places the name of a tensor → the output of an operation
record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs, Map<String, Place> places) {

    /// An output of an operation of the graph.
    record Place(String operation, int index) {

        static Place of(String name) {
            int colon = name.lastIndexOf(':');
            return colon < 0
                    ? new Place(name, 0)
                    : new Place(name.substring(0, colon), Integer.parseInt(name.substring(colon + 1)));
        }
    }

    /// @throws IllegalArgumentException if it has tensors that cannot be moved; the message names them
    static Signature of(String name, SignatureDef signature) {
        Map<String, Place> places = new LinkedHashMap<>();
        List<TensorSpec> inputs = specs(name, signature.getInputsMap(), "in ", places);
        List<TensorSpec> outputs = specs(name, signature.getOutputsMap(), "out ", places);
        return new Signature(inputs, outputs, places);
    }

    Place input(TensorSpec spec) {
        return place("in " + spec.name());
    }

    Place output(TensorSpec spec) {
        return place("out " + spec.name());
    }

    private Place place(String key) {
        Place place = places.get(key);
        if (place == null) {
            throw new IllegalStateException("the signature has no " + key);
        }
        return place;
    }

    private static List<TensorSpec> specs(
            String signature, Map<String, TensorInfo> infos, String role, Map<String, Place> places) {
        List<TensorSpec> specs = new ArrayList<>();
        new TreeMap<>(infos).forEach((name, info) -> {
            if (info.getEncodingCase() != TensorInfo.EncodingCase.NAME
                    || info.getTensorShape().getUnknownRank()) {
                throw new IllegalArgumentException(
                        "tensor '%s' of signature '%s' is %s; export the model with dense tensors of known rank"
                                .formatted(
                                        name,
                                        signature,
                                        info.getTensorShape().getUnknownRank() ? "of unknown rank" : "not dense"));
            }
            specs.add(new TensorSpec(
                    name,
                    TensorFlowTypes.type(name, info.getDtype()),
                    info.getTensorShape().getDimList().stream()
                            .map(dimension -> dimension.getSize())
                            .toList()));
            places.put(role + name, Place.of(info.getName()));
        });
        return List.copyOf(specs);
    }
}
