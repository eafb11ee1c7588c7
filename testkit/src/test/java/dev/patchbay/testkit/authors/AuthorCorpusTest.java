package dev.patchbay.testkit.authors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Modules with a mistake, as authors wrote them, in `src/test/resources/authors`: each must be told what `told.txt`
/// beside it says. `-Dupdate` writes what is told now; read the difference before it is kept.
final class AuthorCorpusTest {

    private static final Path CORPUS = Path.of("src/test/resources/authors");
    private static final String TOLD = "told.txt";

    @TempDir
    private Path home;

    static List<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.list(CORPUS)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void thereAreManyWaysToBeWrong() throws Exception {
        assertThat(modules()).hasSizeGreaterThan(35);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void everyMistakeIsExplained(Path module) throws Exception {
        Path project = home.resolve(module.getFileName().toString());
        copy(module, project);
        Path config = project.resolve("patchbay.yaml");

        String told = Told.of(project, Files.exists(config) ? Files.readString(config) : "")
                        .strip()
                + "\n";

        Path expected = module.resolve(TOLD);
        if (System.getProperty("update") != null) {
            Files.writeString(expected, told);
        }
        assertThat(told).isEqualTo(Files.readString(expected));
        assertThat(told).as("nothing of our own insides").doesNotContain("dev.patchbay.core", "dev.patchbay.testkit");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(TOLD))
                    .toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        if (Files.exists(to.resolve("module.yaml"))) {
            Files.copy(CORPUS.resolve("model.onnx"), to.resolve("m.onnx"));
        }
    }
}
