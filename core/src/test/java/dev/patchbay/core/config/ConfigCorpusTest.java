package dev.patchbay.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Files that people and programs write: each good one is put in force; each bad one is refused with the messages
/// in the `.expected` file beside it, a line each, and what was in force stays.
class ConfigCorpusTest {

    static final Path CORPUS = Path.of("src/test/resources/config-corpus");

    private static final String IN_FORCE = """
            inference:
              behavior_score:
                default_version: "2.9.1"
            """;

    @TestFactory
    Stream<DynamicTest> aBadFileIsRefusedWithAMessageAndTheLastGoodRevisionStays() {
        return files("bad")
                .map(file -> dynamicTest(name(file), () -> {
                    List<Long> activated = new ArrayList<>();
                    ConfigControl control = control(activated);
                    control.start(IN_FORCE, "ana");
                    GatewayConfig before = control.config();

                    save(control, file);

                    assertThat(messages(control)).isEqualTo(Files.readString(expected(file)));
                    assertThat(control.active().number()).isEqualTo(1);
                    assertThat(control.config()).isSameAs(before);
                    assertThat(control.history()).hasSize(1);
                    assertThat(control.status().refused()).isNotNull();
                    assertThat(activated).containsExactly(1L);
                }));
    }

    @TestFactory
    Stream<DynamicTest> aGoodFileComesIntoForce() {
        return files("good")
                .map(file -> dynamicTest(name(file), () -> {
                    List<Long> activated = new ArrayList<>();
                    ConfigControl control = control(activated);
                    control.start(IN_FORCE, "ana");

                    save(control, file);

                    assertThat(messages(control)).isEmpty();
                    assertThat(control.active().number()).isEqualTo(2);
                    assertThat(control.status().drift()).isEmpty();
                    assertThat(activated).containsExactly(1L, 2L);
                }));
    }

    @Test
    void everyBadFileHasItsMessages() throws IOException {
        assertThat(files("bad").filter(file -> !Files.exists(expected(file)))).isEmpty();
        try (Stream<Path> all = Files.list(CORPUS.resolve("bad"))) {
            assertThat(all.filter(file -> file.toString().endsWith(".expected"))
                            .filter(file ->
                                    !Files.exists(file.resolveSibling(name(file).replace(".expected", "") + ".yaml"))))
                    .isEmpty();
        }
    }

    static Stream<Path> files(String kind) {
        try (Stream<Path> all = Files.list(CORPUS.resolve(kind))) {
            return all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    private static Path expected(Path file) {
        return file.resolveSibling(name(file) + ".expected");
    }

    private static ConfigControl control(List<Long> activated) {
        return new ConfigControl(
                new MemoryRevisions(),
                KnownVersions.ofPets(),
                (revision, config) -> activated.add(revision),
                Clock.systemUTC());
    }

    /// Saves a file by the way it takes in a gateway, without the wait.
    private static void save(ConfigControl control, Path file) {
        try {
            control.fileSaved(new FileConfigSource(file).read(), "ana");
        } catch (IOException e) {
            control.fileUnreadable(String.valueOf(e.getMessage()), "ana");
        }
    }

    private static String messages(ConfigControl control) {
        return control.status().problems().stream()
                .map(problem -> problem.toString().replace(CORPUS.resolve("bad") + "/", "") + "\n")
                .collect(Collectors.joining());
    }
}
