package dev.patchbay.bench.swap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The classifier of `runtimes/agreement`, in one of the formats that it is there in.
record Flower(String format, Path flowers) implements SwapModel {

    static final String PREFIX = "flower-";
    static final List<String> FORMATS = List.of("onnx", "pmml", "torchscript", "tensorflow", "python");

    private static final List<String> KINDS = List.of("setosa", "versicolor", "virginica");
    /// What the weights make of the request, by a calculator.
    private static final double[] EXPECTED = {0.0059699, 0.9314327, 0.0625974};
    private static final double ROUNDING = 1e-5;

    @Override
    public String name() {
        return PREFIX + format;
    }

    @Override
    public String request() {
        return format.equals("pmml")
                ? "{\"sepal_length\": 7.0, \"sepal_width\": 3.2, \"petal_length\": 4.7, \"petal_width\": 1.4}"
                : "{\"x\": [7.0, 3.2, 4.7, 1.4]}";
    }

    @Override
    public void write(Path folder, String task, String version, int change) throws IOException {
        Path source = flowers.resolve(format);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(source.relativize(file));
                Files.createDirectories(target.resolveSibling(""));
                Files.copy(file, target);
            }
        }
        Path descriptor = folder.resolve("module.yaml");
        Files.writeString(
                descriptor,
                Files.readString(descriptor)
                        .replace("flower_" + format, task)
                        .replace("version: 1.0.0", "version: " + version));
    }

    @Override
    public @Nullable String objection(int change, JsonNode answer) {
        for (int i = 0; i < EXPECTED.length; i++) {
            JsonNode value = format.equals("pmml")
                    ? answer.path(KINDS.get(i))
                    : answer.path("probabilities").path(i);
            if (!(Math.abs(value.asDouble(Double.NaN) - EXPECTED[i]) < ROUNDING)) {
                return "not what the weights give: " + answer;
            }
        }
        return null;
    }
}
