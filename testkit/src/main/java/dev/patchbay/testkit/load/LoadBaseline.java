package dev.patchbay.testkit.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a module's load run measured when somebody was content with it, and how much worse it may get. Kept beside
/// the module in `load-baseline.json`.
///
/// @param machine what it ran on; times of another machine say nothing
/// @param plan how it was asked
/// @param node the file
record LoadBaseline(String machine, String plan, JsonNode node) {

    static final String FILE = "load-baseline.json";

    /// Reads the baseline of a module.
    ///
    /// @throws IllegalArgumentException if it cannot be read
    static Optional<LoadBaseline> of(Path home) {
        Path file = home.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode node = JsonMapper.shared().readTree(Files.readAllBytes(file));
            return Optional.of(new LoadBaseline(
                    node.path("machine").asString(""), node.path("plan").asString(""), node));
        } catch (IOException | JacksonException e) {
            throw new IllegalArgumentException("%s cannot be read: %s".formatted(FILE, e.getMessage()), e);
        }
    }

    /// Gives a number that was measured.
    double measured(String what) {
        return node.path(what).asDouble(0);
    }

    /// Gives how many times as much it may be.
    double ratio(String what, double usual) {
        return node.path("ratios").path(what).asDouble(usual);
    }

    /// Writes a baseline with the usual ratios, or those of the one before.
    static Path write(Path home, LoadPlan plan, LoadResult result) throws IOException {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("machine", thisMachine());
        node.put("plan", plan.toString());
        for (LoadChecks.Measure measure : LoadChecks.MEASURES) {
            node.put(measure.key(), rounded(measure.of(result)));
        }
        Optional<LoadBaseline> before = of(home);
        ObjectNode ratios = node.putObject("ratios");
        for (LoadChecks.Measure measure : LoadChecks.MEASURES) {
            ratios.put(
                    measure.key(),
                    before.map(old -> old.ratio(measure.key(), measure.ratio())).orElse(measure.ratio()));
        }
        Path file = home.resolve(FILE);
        Files.writeString(file, node.toPrettyString() + "\n");
        return file;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    static String thisMachine() {
        return "%d processors, %s, Java %d"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.arch", "?"),
                        Runtime.version().feature());
    }
}
