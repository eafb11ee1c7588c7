package dev.patchbay.bench.swap;

import dev.patchbay.bench.peer.FraudRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The models that versions are made of in turn.
enum SwapModel {
    /// Two sets of weights with answers in [0, 0.5] and [0.5, 1], so that an answer tells who gave it.
    FRAUD(30) {
        @Override
        String fileName(int change) {
            return change % 2 == 0 ? "fraud-v1.onnx" : "fraud-v2.onnx";
        }

        @Override
        String mapping() {
            return "input: {x: /features}\n  output: {prob: /prob}";
        }

        @Override
        @Nullable
        String objection(int change, JsonNode answer) {
            double prob = answer.path("prob").asDouble(Double.NaN);
            boolean right = change % 2 == 0 ? prob >= 0 && prob <= 0.5 : prob >= 0.5 && prob <= 1;
            return right ? null : SwappedGateway.version(change) + " is named, but " + answer + " is not its answer";
        }
    },

    /// Some 30 ms on a core.
    HEAVY(256) {
        @Override
        String fileName(int change) {
            return "heavy-cnn.onnx";
        }

        @Override
        String mapping() {
            return "input: {x: /features}\n  output: {probs: /probs}";
        }

        @Override
        @Nullable
        String objection(int change, JsonNode answer) {
            return answer.path("probs").size() == 10 ? null : "not ten probabilities: " + answer;
        }
    };

    private final String request;

    SwapModel(int features) {
        request = FraudRequest.numbers("features", features);
    }

    abstract String fileName(int change);

    abstract String mapping();

    /// What is wrong with the answer of a version, or null.
    abstract @Nullable String objection(int change, JsonNode answer);

    String request() {
        return request;
    }

    String descriptor(String task, String version) {
        return """
                task: %s
                version: %s
                owner: bench
                onnx:
                  model: model.onnx
                  %s
                """.formatted(task, version, mapping());
    }
}
