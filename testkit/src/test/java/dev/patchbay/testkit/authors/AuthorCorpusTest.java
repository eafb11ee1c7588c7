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
/// beside it says. Those in `authors-good` have unusual shapes, and must pass. `-Dupdate` writes what is told now; read
/// the difference before it is kept.
final class AuthorCorpusTest {

    private static final Path CORPUS = Path.of("src/test/resources/authors");
    private static final Path GOOD = Path.of("src/test/resources/authors-good");
    private static final String TOLD = "told.txt";

    @TempDir
    private Path home;

    static List<Path> modules() throws IOException {
        return folders(CORPUS);
    }

    static List<Path> goodModules() throws IOException {
        return folders(GOOD);
    }

    private static List<Path> folders(Path corpus) throws IOException {
        try (Stream<Path> folders = Files.list(corpus)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void thereAreManyWaysToBeWrong() throws Exception {
        assertThat(modules()).hasSizeGreaterThan(50);
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

    @ParameterizedTest
    @MethodSource("goodModules")
    void whatIsUnusualButRightPasses(Path module) throws Exception {
        Path project = home.resolve(module.getFileName().toString());
        copy(module, project);
        assertThat(Told.of(project, "")).contains("✔ contract").contains(", 0 failed, ");
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
