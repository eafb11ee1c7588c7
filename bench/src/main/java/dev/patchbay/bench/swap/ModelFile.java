package dev.patchbay.bench.swap;

import dev.patchbay.bench.peer.FraudRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An ONNX model of `bench/models`.
record ModelFile(Kind kind, Path models) implements SwapModel {

    enum Kind {
        /// Two sets of weights with answers in [0, 0.5] and [0.5, 1], so that an answer tells who gave it.
        FRAUD("prob", 30) {
            @Override
            String fileName(int change) {
                return change % 2 == 0 ? "fraud-v1.onnx" : "fraud-v2.onnx";
            }

            @Override
            @Nullable
            String objection(int change, JsonNode answer) {
                double prob = answer.path("prob").asDouble(Double.NaN);
                boolean right = change % 2 == 0 ? prob >= 0 && prob <= 0.5 : prob >= 0.5 && prob <= 1;
                return right
                        ? null
                        : SwappedGateway.version(change) + " is named, but " + answer + " is not its answer";
            }
        },

        /// Some 30 ms on a core.
        HEAVY("probs", 256) {
            @Override
            String fileName(int change) {
                return "heavy-cnn.onnx";
            }

            @Override
            @Nullable
            String objection(int change, JsonNode answer) {
                return answer.path("probs").size() == 10 ? null : "not ten probabilities: " + answer;
            }
        };

        private final String output;
        private final String request;

        Kind(String output, int features) {
            this.output = output;
            this.request = FraudRequest.numbers("features", features);
        }

        abstract String fileName(int change);

        abstract @Nullable String objection(int change, JsonNode answer);
    }

    @Override
    public String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String request() {
        return kind.request;
    }

    @Override
    public void write(Path folder, String task, String version, int change) throws IOException {
        Files.copy(models.resolve(kind.fileName(change)), folder.resolve("model.onnx"));
        Files.writeString(folder.resolve("module.yaml"), """
                task: %s
                version: %s
                owner: bench
                onnx:
                  model: model.onnx
                  input: {x: /features}
                  output: {%s: /%s}
                """.formatted(task, version, kind.output, kind.output));
    }

    @Override
    public @Nullable String objection(int change, JsonNode answer) {
        return kind.objection(change, answer);
    }
}
