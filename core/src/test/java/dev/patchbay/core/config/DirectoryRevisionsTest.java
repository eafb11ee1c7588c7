package dev.patchbay.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// History outlives the process, and a damaged part of it harms nothing else.
class DirectoryRevisionsTest {

    private static final String FILE = """
            inference:
              behavior_score:
                default_version: "%s"
                experiments:
                  - {name: canary, rollout: 12.50, unit: pet_id, version: "3.1.0"}
                  - {name: whole, rollout: 10, unit: pet_id, version: "3.1.0"}
                limits: {queue: 100, timeout: 500ms}
                config: {above: 0.1, many: 12345678901, huge: 123456789012345678901234567890, tiny: 1e-7, none: null}
            limits: {json_depth: 60}
            """;

    @TempDir
    Path folder;

    @Test
    void aRestartKeepsHistoryAndMakesNoRevisionOfAnUnchangedFile() {
        List<ConfigRevision> before;
        ConfigControl first = started(FILE.formatted("3.0.0"));
        first.fileSaved(FILE.formatted("3.1.0"), "ben");
        before = first.history();

        ConfigControl second = started(FILE.formatted("3.1.0"));
        assertThat(second.history()).isEqualTo(before);
        assertThat(second.active().number()).isEqualTo(2);
        assertThat(second.status().drift()).isEmpty();
    }

    @Test
    void aRollbackOutlivesARestartWithTheFileUnchanged() {
        ConfigControl first = started(FILE.formatted("3.0.0"));
        first.fileSaved(FILE.formatted("3.1.0"), "ben");
        first.rollback("behavior_score", new RollbackTarget.Previous(), "eva", "why", null);

        ConfigControl second = started(FILE.formatted("3.1.0"));
        assertThat(second.active().number()).isEqualTo(3);
        assertThat(second.config().task("behavior_score").defaultVersion()).isEqualTo("3.0.0");
        assertThat(second.status().drift()).containsExactly("behavior_score");
    }

    @Test
    void aFileThatChangedWhileTheGatewayWasDownIsARevisionOfWhatChanged() {
        started(FILE.formatted("3.0.0"));
        ConfigControl second = started(FILE.formatted("3.1.0"));
        assertThat(second.active().number()).isEqualTo(2);
        assertThat(second.active().changes())
                .extracting(ConfigRevision.Change::path)
                .containsExactly("inference.behavior_score.default_version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{}",
                "{\"number\":2}",
                "{\"number\":9,\"time\":\"2026-01-01T00:00:00Z\",\"author\":\"a\",\"reason\":\"r\",\"source\":\"file\",\"content\":{},\"file\":{},\"changes\":[]}",
                "\u0000\u0000\u0000\u0000"
            })
    void aDamagedRevisionIsLeftOutAndItsFileAndNumberAreNotTouched(String damaged) throws Exception {
        ConfigControl first = started(FILE.formatted("3.0.0"));
        first.fileSaved(FILE.formatted("3.1.0"), "ben");
        Path file = folder.resolve("00000002.json");
        Files.writeString(file, damaged);

        ConfigControl second = started(FILE.formatted("3.1.0"));
        assertThat(second.history()).extracting(ConfigRevision::number).containsExactly(1L, 3L);
        assertThat(second.config().task("behavior_score").defaultVersion()).isEqualTo("3.1.0");
        assertThat(Files.readString(file)).isEqualTo(damaged);
        assertThat(new DirectoryRevisions(folder).damaged()).containsExactly("00000002.json");
    }

    @Test
    void whatACrashLeftHalfWrittenIsNoRevision() throws Exception {
        ConfigControl first = started(FILE.formatted("3.0.0"));
        Files.writeString(folder.resolve("00000002.json.part"), "{\"number\": 2, \"ti");
        Files.writeString(folder.resolve("notes.json"), "{}");
        ConfigControl second = started(FILE.formatted("3.1.0"));
        assertThat(second.history()).extracting(ConfigRevision::number).containsExactly(1L, 2L);
        assertThat(first.history()).hasSize(1);
    }

    @Test
    void aDirectoryThatCannotBeSaysSo() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new DirectoryRevisions(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the revisions in " + file + " cannot be read");
    }

    private ConfigControl started(String file) {
        ConfigControl control = new ConfigControl(
                new DirectoryRevisions(folder), KnownVersions.ofPets(), (revision, config) -> {}, Clock.systemUTC());
        control.read(file);
        control.start(file, "ana");
        return control;
    }
}
