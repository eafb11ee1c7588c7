package dev.patchbay.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GoldenRecorderTest {

    private static final String MODULE = """
            public record Request(int x) {}
            public record Answer(double score, String label, List<String> reasons, int size, Optional<Integer> chance) {}
            private final java.util.concurrent.atomic.AtomicInteger calls = new java.util.concurrent.atomic.AtomicInteger();
            public Answer predict(Request request, Call call) {
                if (request.x() < 0) {
                    throw InferenceException.invalid("/x", "no negative numbers");
                }
                return new Answer(1.0 / (3 + request.x()), "on", List.of("a: b", "c"), 3,
                        request.x() == 5 ? Optional.of(calls.incrementAndGet()) : Optional.empty());
            }
            """;

    @TempDir
    private Path home;

    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private ModuleFixture module;

    @BeforeEach
    void compile() throws Exception {
        module = ModuleFixture.compile(home, "task = \"score\", version = \"1.0.0\"", MODULE);
        folder = Files.createDirectories(module.artifact().resolve("golden"));
    }

    @Test
    void answersAreAddedWithoutTouchingTheRest() throws Exception {
        write("cases.yaml", """
                # mine
                cases:
                  one:   # first
                    request: {x: 1}   # so it is
                  two: {request: {x: 2}}

                  refused:
                    request: {x: -1}
                # the end
                """);

        record();

        assertThat(read("cases.yaml")).isEqualTo("""
                # mine
                cases:
                  one:   # first
                    request: {x: 1}   # so it is
                    answer: {score: {near: 0.25, within: 0.0001}, label: "on", reasons: ["a: b", c], size: 3}
                  two: {request: {x: 2}, "answer": {score: {near: 0.2, within: 0.0001}, label: "on", reasons: ["a: b", c], size: 3}}

                  refused:
                    request: {x: -1}
                    error: {code: invalid-request, path: /x}
                # the end
                """);
        assertThat(failed()).isEmpty();
    }

    @Test
    void aJsonFileStaysJson() throws Exception {
        write("one.json", "{\n  \"request\": {\"x\": 1}\n}\n");

        record();

        assertThat(read("one.json"))
                .isEqualTo("{\n  \"request\": {\"x\": 1}\n, \"answer\": {\"score\":{\"near\":0.25,\"within\":0.0001},"
                        + "\"label\":\"on\",\"reasons\":[\"a: b\",\"c\"],\"size\":3}}\n");
        assertThat(failed()).isEmpty();
    }

    @Test
    void anExampleBecomesACaseOnce() throws Exception {
        module.with("examples/three.json", "{\"x\": 3}");

        assertThat(record()).isEqualTo(1);
        assertThat(read("three.yaml")).contains("request: {x: 3}\nanswer:");
        assertThat(failed()).isEmpty();
        assertThat(record()).isZero();
    }

    @Test
    void whatDiffersFromRunToRunIsNotedRatherThanRecorded() throws Exception {
        write("five.yaml", "request: {x: 5}\n");

        try (ModuleSuite suite = suite()) {
            GoldenRecorder recorder = recorder(suite);
            GoldenRecorder.write(recorder.record());
            assertThat(recorder.notes())
                    .containsExactly(
                            "five: /chance differ from run to run; only what stays the same is recorded. Say what must hold of them");
        }
        assertThat(read("five.yaml")).contains("chance: {present: true}");
        assertThat(failed()).isEmpty();
    }

    @Test
    void changedValuesAreReplacedAndRulesAreNot() throws Exception {
        String before = """
                # why: see the story
                request: {x: 1}
                answer:
                  score:      # near enough
                    near: 0.5
                    within: 0.1
                  label: off  # was off
                  reasons: [a]
                  size: {above: 7}
                """;
        write("one.yaml", before);

        try (ModuleSuite suite = suite()) {
            GoldenRecorder recorder = recorder(suite);
            List<GoldenChange> changes = recorder.update();
            assertThat(changes)
                    .singleElement()
                    .satisfies(change -> assertThat(change.lines())
                            .containsExactly(
                                    "- /score: near: 0.5 within: 0.1",
                                    "+ /score: {near: 0.25, within: 0.0001}",
                                    "- /label: off",
                                    "+ /label: \"on\"",
                                    "- /reasons: [a]",
                                    "+ /reasons: [\"a: b\", c]"));
            assertThat(recorder.notes())
                    .containsExactly(
                            "one: /size must be above 7, but is 3. Somebody wrote this rule; change it by hand if it is wrong");
            assertThat(read("one.yaml")).isEqualTo(before);
            GoldenRecorder.write(changes);
        }

        assertThat(read("one.yaml")).isEqualTo("""
                # why: see the story
                request: {x: 1}
                answer:
                  score:      # near enough
                    {near: 0.25, within: 0.0001}
                  label: "on"  # was off
                  reasons: ["a: b", c]
                  size: {above: 7}
                """);
        assertThat(failed())
                .singleElement()
                .satisfies(result ->
                        assertThat(result.finding().text()).startsWith("/size must be above 7, but is 3\nasked"));
    }

    private int record() throws Exception {
        try (ModuleSuite suite = suite()) {
            List<GoldenChange> changes = recorder(suite).record();
            GoldenRecorder.write(changes);
            return changes.size();
        }
    }

    private List<CheckResult> failed() throws Exception {
        try (ModuleSuite suite = suite()) {
            return suite.run(suite.of(EnumSet.of(Check.Kind.GOLDEN)), result -> {}).results().stream()
                    .filter(CheckResult::isFailed)
                    .toList();
        }
    }

    private GoldenRecorder recorder(ModuleSuite suite) {
        return new GoldenRecorder(suite.module(), ModuleProject.at(module.artifact()), suite.goldenFiles());
    }

    private ModuleSuite suite() throws InterruptedException {
        return ModuleSuite.start(TestPlan.of(module.artifact()));
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
    }

    private String read(String name) throws Exception {
        return Files.readString(folder.resolve(name));
    }
}
