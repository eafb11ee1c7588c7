package dev.patchbay.bench.swap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What versions are made of.
interface SwapModel {

    /// Gives a model by the name that `--model` takes, one of [#names()].
    ///
    /// @param models the folder of the benchmark's model files
    /// @param flowers the folder with the flower classifier in every format
    static SwapModel named(String name, Path models, Path flowers) {
        for (ModelFile.Kind kind : ModelFile.Kind.values()) {
            if (name.equals(kind.name().toLowerCase(Locale.ROOT))) {
                return new ModelFile(kind, models);
            }
        }
        return new Flower(name.substring(Flower.PREFIX.length()), flowers);
    }

    static List<String> names() {
        return Stream.concat(
                        Arrays.stream(ModelFile.Kind.values())
                                .map(kind -> kind.name().toLowerCase(Locale.ROOT)),
                        Flower.FORMATS.stream().map(format -> Flower.PREFIX + format))
                .toList();
    }

    String name();

    String request();

    /// Writes the artifact of a change into an empty folder.
    void write(Path folder, String task, String version, int change) throws IOException;

    /// What is wrong with the answer of a version, or null.
    @Nullable
    String objection(int change, JsonNode answer);
}
