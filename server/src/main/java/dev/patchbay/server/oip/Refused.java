package dev.patchbay.server.oip;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.oip.tensor.InvalidTensor;
import java.util.function.Supplier;

/// Words what is wrong with a request of the protocol.
final class Refused {

    private Refused() {}

    static InferenceException request(String message) {
        return new InferenceException(ErrorCode.MALFORMED_REQUEST, message);
    }

    /// @param what follows the input's name
    static InferenceException input(String name, String what) {
        return new InferenceException(ErrorCode.INVALID_REQUEST, "Input '" + name + "' " + what);
    }

    /// @param what follows the output's name
    static InferenceException output(String name, String what) {
        return new InferenceException(ErrorCode.INVALID_REQUEST, "Output '" + name + "' " + what);
    }

    /// Reads an input; what is wrong with it is the caller's to correct.
    static <T> T input(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (InvalidTensor e) {
            throw input(e.tensor(), e.what());
        }
    }
}
