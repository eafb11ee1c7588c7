package dev.patchbay.agreement;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The flower classifier, as a module in each format: every folder of `src/test/models` is one. The files are made by
/// runtimes/make-models.py and, for TensorFlow, by `SavedModels` in the tests of runtimes/tensorflow; Python's is
/// written.
final class Flowers {

    static final List<String> MEASURES = List.of("sepal_length", "sepal_width", "petal_length", "petal_width");
    static final List<String> KINDS = List.of("setosa", "versicolor", "virginica");
    static final double[][] EXAMPLES = {
        {5.1, 3.5, 1.4, 0.2}, {7.0, 3.2, 4.7, 1.4}, {6.3, 3.3, 6.0, 2.5}, {0, 0, 0, 0}, {-1.25, 0.5, 2.75, -3}
    };

    private static final Path MODELS = Path.of("src/test/models");
    private static final double[][] WEIGHTS = {{0.5, 1, -2, -1}, {0.25, -0.5, 0.5, -0.75}, {-1, -0.5, 1.5, 2}};
    private static final double[] BIAS = {1, 0.5, -2};
    private static final JsonMapper JSON = JsonMapper.shared();

    private Flowers() {}

    /// Lets gateways of this process find the engines that this build packed.
    static void addEngines() throws IOException {
        Path directory = Files.createDirectories(Path.of("target/runtimes").toAbsolutePath());
        for (String name : List.of("pmml", "tensorflow", "torchscript")) {
            Path packed =
                    Path.of("..", name, "target", "engine").toAbsolutePath().normalize();
            if (!Files.isDirectory(packed)) {
                throw new IllegalStateException(
                        packed + " is not there; build with 'mvn verify', which packs the engines");
            }
            try {
                Files.createSymbolicLink(directory.resolve(name), packed);
            } catch (FileAlreadyExistsException again) {
                // from an earlier run, and the same
            }
        }
        System.setProperty("patchbay.runtimes", directory.toString());
    }

    static List<String> formats() throws IOException {
        try (Stream<Path> folders = Files.list(MODELS)) {
            return folders.map(folder -> String.valueOf(folder.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /// Computes the probabilities as the models do.
    static double[] expected(double[] measures) {
        double[] powers = new double[KINDS.size()];
        double all = 0;
        for (int kind = 0; kind < powers.length; kind++) {
            double sum = BIAS[kind];
            for (int i = 0; i < measures.length; i++) {
                sum += WEIGHTS[kind][i] * measures[i];
            }
            powers[kind] = Math.exp(sum);
            all += powers[kind];
        }
        for (int kind = 0; kind < powers.length; kind++) {
            powers[kind] /= all;
        }
        return powers;
    }

    /// Copies a module, with another version.
    static void copy(String format, String version, Path target) throws IOException {
        Path source = MODELS.resolve(format);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path to = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else if (file.endsWith("module.yaml")) {
                    Files.writeString(to, Files.readString(file).replace("1.0.0", version));
                } else {
                    Files.copy(file, to);
                }
            }
        }
    }

    /// Writes a request of the task: PMML has a field for each measure, the others have one for all.
    static String request(String format, double[] measures) {
        var request = JSON.createObjectNode();
        if (format.equals("pmml")) {
            for (int i = 0; i < measures.length; i++) {
                request.put(MEASURES.get(i), measures[i]);
            }
        } else {
            var x = request.putArray("x");
            for (double measure : measures) {
                x.add(measure);
            }
        }
        return request.toString();
    }

    /// Reads the probabilities out of an answer of the task.
    static double[] probabilities(String format, JsonNode answer) {
        double[] probabilities = new double[KINDS.size()];
        for (int kind = 0; kind < probabilities.length; kind++) {
            JsonNode value = format.equals("pmml")
                    ? answer.required(KINDS.get(kind))
                    : answer.required("probabilities").required(kind);
            probabilities[kind] = value.doubleValue();
        }
        return probabilities;
    }
}
