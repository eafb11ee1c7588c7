package dev.patchbay.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A config comes into force whole or not at all, and nothing about how it came is lost.
class ConfigControlTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String SCORE = """
            inference:
              behavior_score:
                default_version: "%s"
            """;

    private final KnownVersions versions = KnownVersions.ofPets();
    private final MemoryRevisions store = new MemoryRevisions();
    private final List<Long> activated = new ArrayList<>();
    private ConfigControl control = control(store);

    private ConfigControl control(RevisionStore revisions) {
        return new ConfigControl(
                revisions, versions, (revision, config) -> activated.add(revision), Clock.fixed(NOON, ZoneOffset.UTC));
    }

    @BeforeEach
    void start() {
        control.start(SCORE.formatted("3.0.0"), "ana");
    }

    @Test
    void theFirstRevisionIsTheFile() {
        ConfigRevision first = control.active();
        assertThat(first.number()).isEqualTo(1);
        assertThat(first.author()).isEqualTo("ana");
        assertThat(first.source()).isEqualTo("start");
        assertThat(first.time()).isEqualTo(NOON);
        assertThat(activated).containsExactly(1L);
    }

    @Test
    void aSaveIsARevisionWithAuthorReasonAndDifference() {
        control.fileSaved(SCORE.formatted("3.1.0"), "ben");
        ConfigRevision second = control.active();
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.author()).isEqualTo("ben");
        assertThat(second.source()).isEqualTo("file");
        assertThat(second.reason()).isEqualTo("the file was saved");
        assertThat(differences(second))
                .containsExactly("inference.behavior_score.default_version: \"3.0.0\" → \"3.1.0\"");
        assertThat(control.history()).extracting(ConfigRevision::number).containsExactly(1L, 2L);
    }

    @Test
    void aSaveThatOnlyMovesCommentsAndSpaceIsNoRevision() {
        control.fileSaved("# new comment\ninference: {behavior_score: {default_version: 3.0.0}}\n", "ben");
        assertThat(control.active().number()).isEqualTo(1);
        assertThat(control.status().problems()).isEmpty();
    }

    @Test
    void theOrderOfExperimentsIsADifference() {
        String two = SCORE.formatted("3.0.0") + """
                    experiments:
                      - {name: %s, rollout: 10, unit: pet_id, version: "3.1.0"}
                      - {name: %s, rollout: 10, unit: pet_id, version: "3.1.0"}
                """;
        control.fileSaved(two.formatted("a", "b"), "ben");
        control.fileSaved(two.formatted("b", "a").replace("3.0.0", "2.9.1"), "ben");
        assertThat(control.active().changes())
                .extracting(ConfigRevision.Change::path)
                .containsExactly("inference.behavior_score.default_version", "inference.behavior_score.experiments");
    }

    @Test
    void oneWrongTaskRefusesAllTasks() {
        versions.set("nudge", "1.0.0", new VersionCatalog.Progress.Ready());
        control.fileSaved(SCORE.formatted("3.1.0") + "  nudge: {default_version: \"9.0.0\"}\n", "ben");
        assertThat(control.status().problems()).hasSize(1);
        assertThat(control.config().task("behavior_score").defaultVersion()).isEqualTo("3.0.0");
        assertThat(activated).containsExactly(1L);
    }

    @Test
    void settingsThatAModuleDoesNotTakeRefuseAll() {
        control.fileSaved(SCORE.formatted("3.1.0") + "    config: {refused: 1}\n", "ben");
        assertThat(control.status().problems())
                .extracting(ConfigProblem::message)
                .containsExactly("inference.behavior_score.config.refused is not a setting");
        assertThat(activated).containsExactly(1L);
    }

    @Test
    void anEmbeddingTaskThatIsNotThereRefusesTheRevision() {
        String similar = "    cache: {similar: {task: %s, field: /text, threshold: 0.9}}\n";
        control.fileSaved(SCORE.formatted("3.0.0") + similar.formatted("behavior_scores@1.0.0"), "ben");
        assertThat(control.status().problems())
                .extracting(ConfigProblem::toString)
                .singleElement()
                .asString()
                .contains("inference.behavior_score.cache.similar.task")
                .contains(
                        "no artifact of task 'behavior_scores' was found in the modules folder. Did you mean 'behavior_score'? Tasks of this config: behavior_score");
        assertThat(activated).containsExactly(1L);
        versions.set("vector", "1.0.0", new VersionCatalog.Progress.Ready());
        control.fileSaved(SCORE.formatted("3.0.0") + similar.formatted("vector"), "ben");
        assertThat(activated).containsExactly(1L, 2L);
    }

    @Test
    void aFallbackThatCannotAnswerRefusesTheRevision() {
        control.fileSaved(SCORE.formatted("3.0.0") + "    fallback: {task: behavior_scores}\n", "ben");
        assertThat(control.status().problems())
                .extracting(ConfigProblem::message)
                .containsExactly(
                        "no artifact of task 'behavior_scores' was found in the modules folder. Did you mean 'behavior_score'? Tasks of this config: behavior_score");
        control.fileSaved(SCORE.formatted("3.0.0") + "    fallback: {answer: {wrong: 1}}\n", "ben");
        assertThat(control.status().problems())
                .extracting(ConfigProblem::toString)
                .singleElement()
                .asString()
                .contains("fallback.answer")
                .contains("does not fit the answers of behavior_score@3.0.0: /wrong is no field here");
        assertThat(activated).containsExactly(1L);
        versions.set("nudge", "1.0.0", new VersionCatalog.Progress.Ready());
        control.fileSaved(SCORE.formatted("3.0.0") + "    fallback: {task: nudge}\n", "ben");
        control.fileSaved(SCORE.formatted("3.0.0") + "    fallback: {answer: {right: 1}}\n", "ben");
        assertThat(control.status().problems()).isEmpty();
        assertThat(activated).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aRevisionThatCannotBeKeptIsNotPutInForce() {
        RevisionStore full = new RevisionStore() {
            @Override
            public void add(ConfigRevision revision) {
                throw new UncheckedIOException("revision 2 cannot be kept", new IOException("No space left on device"));
            }

            @Override
            public List<ConfigRevision> all() {
                return store.all();
            }

            @Override
            public long lastNumber() {
                return store.lastNumber();
            }
        };
        ConfigControl other = control(full);
        other.start(SCORE.formatted("3.0.0"), "ana");
        other.fileSaved(SCORE.formatted("3.1.0"), "ben");
        assertThat(other.status().problems())
                .extracting(ConfigProblem::message)
                .containsExactly("revision 2 cannot be kept: java.io.IOException: No space left on device");
        assertThat(other.config().task("behavior_score").defaultVersion()).isEqualTo("3.0.0");
        assertThat(activated).containsExactly(1L, 1L);
        assertThat(versions.takeovers()).endsWith("abandon");
    }

    @Test
    void aVersionOnItsWayIsWaitedForWhileTheLastRevisionServes() {
        versions.set("behavior_score", "4.0.0", new VersionCatalog.Progress.OnItsWay("warming"));
        control.fileSaved(SCORE.formatted("4.0.0"), "ben");
        assertThat(control.status().waitingFor()).containsExactly("behavior_score@4.0.0 (warming)");
        assertThat(control.active().number()).isEqualTo(1);

        versions.set("behavior_score", "4.0.0", new VersionCatalog.Progress.Ready());
        assertThat(control.status().waitingFor()).isEmpty();
        assertThat(control.active().number()).isEqualTo(2);
        assertThat(control.active().author()).isEqualTo("ben");
    }

    @Test
    void aVersionThatFailsOnItsWayRefusesTheSaveAndItsRepairPutsItInForce() {
        versions.set("behavior_score", "4.0.0", new VersionCatalog.Progress.OnItsWay("loading"));
        control.fileSaved(SCORE.formatted("4.0.0"), "ben");
        versions.set("behavior_score", "4.0.0", new VersionCatalog.Progress.Failed("no class"));
        assertThat(control.status().problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "line 3, column 5: inference.behavior_score.default_version: 4.0.0 cannot be used: no class");
        versions.set("behavior_score", "4.0.0", new VersionCatalog.Progress.Ready());
        assertThat(control.active().number()).isEqualTo(2);
        assertThat(control.status().problems()).isEmpty();
    }

    @Test
    void theSecondOfTwoQuickSavesCounts() {
        versions.set("behavior_score", "4.0.0", new VersionCatalog.Progress.OnItsWay("loading"));
        control.fileSaved(SCORE.formatted("4.0.0"), "ben");
        control.fileSaved(SCORE.formatted("3.1.0"), "ben");
        versions.set("behavior_score", "4.0.0", new VersionCatalog.Progress.Ready());
        assertThat(control.config().task("behavior_score").defaultVersion()).isEqualTo("3.1.0");
        assertThat(control.history()).hasSize(2);
    }

    @Test
    void theLogNamesTheFirstOfManyProblems() {
        List<ConfigProblem> many = IntStream.rangeClosed(1, 20_000)
                .mapToObj(line -> new ConfigProblem("", line, 1, "is wrong"))
                .toList();
        assertThat(ConfigProblem.lines(many))
                .startsWith("\n  line 1, column 1: is wrong\n  line 2,")
                .endsWith("\n  line 20, column 1: is wrong\n  and 19980 more");
        assertThat(ConfigProblem.lines(many.subList(0, 2)))
                .isEqualTo("\n  line 1, column 1: is wrong\n  line 2, column 1: is wrong");
    }

    @Test
    void halfAFileIsRefusedWhereverItIsCut() {
        versions.set("nudge", "1.0.0", new VersionCatalog.Progress.Ready());
        String whole = """
                inference:
                  behavior_score:
                    default_version: "3.0.0"
                    experiments:
                      - {name: canary, rollout: 10, unit: pet_id, version: "3.1.0"}
                  nudge:
                    default_version: "1.0.0"
                """;
        control.fileSaved(whole, "ben");
        assertThat(control.active().number()).isEqualTo(2);
        // what comes after the end of the last value is no loss
        for (int cut = 1; cut < whole.length() - 2; cut++) {
            String half = whole.substring(0, cut);
            if (!half.endsWith("\n")) {
                control.fileSaved(half, "ben");
                assertThat(control.active().number()).as(half).isEqualTo(2);
            }
        }
        String cut = whole.substring(0, whole.indexOf("  nudge") + 1);
        control.fileSaved(cut, "ben");
        assertThat(control.status().problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "line 6, column 2: the file ends here without a line break, and has no inference.nudge any more: it looks like half a file. If it is whole, end it with a line break");
        control.fileSaved(cut.strip() + "\n", "ben");
        assertThat(control.active().number()).isEqualTo(3);
        assertThat(control.status().problems()).isEmpty();
    }

    @Test
    void goingBackToWhatIsInForceClearsTheRefusal() {
        control.fileSaved("inferense: {}", "ben");
        assertThat(control.status().refused()).isEqualTo(NOON);
        control.fileSaved(SCORE.formatted("3.0.0"), "ben");
        assertThat(control.status().refused()).isNull();
        assertThat(control.status().problems()).isEmpty();
        assertThat(control.active().number()).isEqualTo(1);
    }

    @Test
    void aFileThatCannotBeReadChangesNothingAndIsTold() {
        control.fileUnreadable("patchbay.yaml is gone", "ben");
        assertThat(control.status().problems())
                .extracting(ConfigProblem::toString)
                .containsExactly("patchbay.yaml is gone");
        versions.set("behavior_score", "4.0.0", new VersionCatalog.Progress.Ready());
        assertThat(control.status().problems()).hasSize(1);
        assertThat(activated).containsExactly(1L);
    }

    /// A module takes its time to load with new settings; callers' threads read the config meanwhile.
    @Test
    void whoeverReadsDoesNotWaitForAChange() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch loaded = new CountDownLatch(1);
        versions.whenPreparing(() -> {
            loading.countDown();
            loaded.await();
        });
        Thread saving = Thread.ofPlatform().start(() -> control.fileSaved(SCORE.formatted("3.1.0"), "ben"));
        loading.await();
        assertThat(CompletableFuture.supplyAsync(
                                () -> control.config().task("behavior_score").defaultVersion()
                                        + control.status().revision())
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo("3.0.01");
        loaded.countDown();
        saving.join();
        assertThat(control.config().task("behavior_score").defaultVersion()).isEqualTo("3.1.0");
    }

    @Test
    void aRollbackIsANewRevisionWithOlderContent() {
        control.fileSaved(SCORE.formatted("3.1.0"), "ben");
        ConfigControl.RolledBack done =
                control.rollback("behavior_score", new RollbackTarget.Previous(), "eva", "scores puppies too high", 2L);
        assertThat(done.contentOf()).isEqualTo(1);
        assertThat(done.defaultVersion()).isEqualTo("3.0.0");
        assertThat(done.revision().number()).isEqualTo(3);
        assertThat(done.revision().content())
                .isEqualTo(control.history().getFirst().content());
        assertThat(done.revision().author()).isEqualTo("eva");
        assertThat(done.revision().reason()).isEqualTo("scores puppies too high");
        assertThat(done.revision().source()).isEqualTo("rollback");
        assertThat(differences(done.revision()))
                .containsExactly("inference.behavior_score.default_version: \"3.1.0\" → \"3.0.0\"");
        assertThat(control.status().drift()).containsExactly("behavior_score");
        assertThat(activated).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aSecondRollbackDoesNotPutBackWhatTheFirstTookAway() {
        control.fileSaved(SCORE.formatted("3.1.0"), "ben");
        control.rollback("behavior_score", new RollbackTarget.Previous(), "eva", "puppies", null);
        assertThatThrownBy(
                        () -> control.rollback("behavior_score", new RollbackTarget.Previous(), "ana", "puppies", null))
                .isInstanceOfSatisfying(InferenceException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(refused)
                            .hasMessageContaining("was rolled back already, by eva at ")
                            .hasMessageContaining("(revision 3: puppies)");
                });
        assertThat(control.config().task("behavior_score").defaultVersion()).isEqualTo("3.0.0");
    }

    @Test
    void aRollbackHoldsWhenAnotherTasksSectionIsSaved() {
        versions.set("nudge", "1.0.0", new VersionCatalog.Progress.Ready());
        control.fileSaved(SCORE.formatted("3.1.0"), "ben");
        control.rollback("behavior_score", new RollbackTarget.Previous(), "eva", "why", null);
        control.fileSaved(SCORE.formatted("3.1.0") + "  nudge: {default_version: \"1.0.0\"}\n", "ben");
        assertThat(control.config().task("behavior_score").defaultVersion()).isEqualTo("3.0.0");
        assertThat(control.config().task("nudge").defaultVersion()).isEqualTo("1.0.0");
        assertThat(control.status().drift()).containsExactly("behavior_score");

        control.fileSaved(SCORE.formatted("2.9.1") + "  nudge: {default_version: \"1.0.0\"}\n", "ben");
        assertThat(control.config().task("behavior_score").defaultVersion()).isEqualTo("2.9.1");
        assertThat(control.status().drift()).isEmpty();
    }

    @Test
    void aRollbackGoesToAVersionOrARevision() {
        control.fileSaved(SCORE.formatted("3.1.0"), "ben");
        control.fileSaved(SCORE.formatted("2.9.1"), "ben");
        assertThat(control.rollback("behavior_score", new RollbackTarget.Version("3.0.0"), "eva", "why", null)
                        .contentOf())
                .isEqualTo(1);
        assertThat(control.rollback("behavior_score", new RollbackTarget.Revision(2), "eva", "why", null)
                        .defaultVersion())
                .isEqualTo("3.1.0");
    }

    @Test
    void aRollbackThatCannotBeSaysWhy() {
        assertRefused(
                () -> control.rollback("behavior_score", new RollbackTarget.Previous(), "eva", "why", null),
                "unknown-revision",
                "Task 'behavior_score' was never routed otherwise: there is nothing to go back to. Revision 1 is in force; see `patchbay history`");
        assertRefused(
                () -> control.rollback("behaviour_score", new RollbackTarget.Previous(), "eva", "why", null),
                "unknown-task",
                "The config has no section for task 'behaviour_score'. Did you mean 'behavior_score'?");
        assertRefused(
                () -> control.rollback("behavior_score", new RollbackTarget.Revision(7), "eva", "why", null),
                "unknown-revision",
                "There is no older revision 7. Revision 1 is in force; see `patchbay history`");
        assertRefused(
                () -> control.rollback("behavior_score", new RollbackTarget.Version("1.0.0"), "eva", "why", null),
                "unknown-revision",
                "Version 1.0.0 was never the default of 'behavior_score'. Revision 1 is in force; see `patchbay history`");
        control.fileSaved(SCORE.formatted("3.1.0"), "ben");
        assertRefused(
                () -> control.rollback("behavior_score", new RollbackTarget.Previous(), "eva", "why", 1L),
                "conflict",
                "Revision 2 is in force, not 1: somebody changed the config meanwhile. Look at it and try again");
        versions.set("behavior_score", "3.0.0", new VersionCatalog.Progress.Failed("gone"));
        assertRefused(
                () -> control.rollback("behavior_score", new RollbackTarget.Previous(), "eva", "why", 2L),
                "config-invalid",
                "Revision 1 cannot be gone back to: it sends calls of 'behavior_score' to 3.0.0, not ready now. Put the artifact back into the modules folder first");
        assertThat(activated).containsExactly(1L, 2L);
    }

    @Test
    void aSaltIsWrittenDownWhenItsExperimentFirstAppears() {
        control.fileSaved(
                SCORE.formatted("3.0.0")
                        + "    experiments: [{name: canary, rollout: 10, unit: pet_id, version: \"3.1.0\"}]\n",
                "ben");
        assertThat(control.active()
                        .content()
                        .at("/inference/behavior_score/experiments/0/salt")
                        .stringValue())
                .isEqualTo("behavior_score/canary");
        assertThat(control.status().drift()).isEmpty();
    }

    @Test
    void aVersionThatIsMissingAtTheStartStopsItsRulesAndNotTheGateway() {
        ConfigControl other = control(new MemoryRevisions());
        other.start(SCORE.formatted("9.0.0"), "ana");
        assertThat(other.active().number()).isEqualTo(1);
    }

    @Test
    void aWrongFileAtTheFirstStartIsRefusedAndAtALaterOneTheLastRevisionServes() {
        ConfigControl fresh = control(new MemoryRevisions());
        assertThatThrownBy(() -> fresh.read("inferense: {}"))
                .isInstanceOf(ConfigInvalid.class)
                .hasMessage(
                        "line 1, column 1: inferense: is not a key here. Did you mean 'inference'? Keys: inference, limits, modules, flags");

        ConfigControl later = control(store);
        assertThat(later.read("inferense: {}").task("behavior_score").defaultVersion())
                .isEqualTo("3.0.0");
        later.start("inferense: {}", "ana");
        assertThat(later.active().number()).isEqualTo(1);
        assertThat(later.status().problems()).hasSize(1);
    }

    @Test
    void storedContentThatThisVersionCannotReadIsPassedOver() {
        ConfigRevision first = control.active();
        store.add(new ConfigRevision(
                2,
                NOON,
                "ben",
                "from a newer gateway",
                "file",
                first.content().deepCopy().put("telepathy", true),
                first.file(),
                List.of()));
        ConfigControl later = control(store);
        later.start(SCORE.formatted("3.0.0"), "ana");
        assertThat(later.active().number()).isEqualTo(1);
        assertRefused(
                () -> later.configOf(2),
                "unknown-revision",
                "Revision 2 holds keys that this version of the gateway does not read: telepathy: is not a key here. Keys: inference, limits, modules, flags");
        later.fileSaved(SCORE.formatted("3.1.0"), "ben");
        assertThat(later.active().number()).isEqualTo(3);
    }

    private static List<String> differences(ConfigRevision revision) {
        return revision.changes().stream()
                .map(change -> change.path() + ": " + change.before() + " → " + change.after())
                .toList();
    }

    private static void assertRefused(Runnable action, String code, String message) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        InferenceException.class,
                        refused -> assertThat(refused.code().id()).isEqualTo(code))
                .hasMessage(message);
    }
}
