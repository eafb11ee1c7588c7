package dev.patchbay.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding.Verdict;
import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GoldenChecksTest {

    private static final String SCORE = """
            public record Request(@Min(0) @Max(100) int activity, List<Integer> steps) {}
            public record Answer(double score, String label, int first) {}
            private final java.util.concurrent.atomic.AtomicInteger calls = new java.util.concurrent.atomic.AtomicInteger();
            public Answer predict(Request request, Call call) {
                double score = request.activity() == 50 ? 0 : request.activity() / 100.0;
                String label = request.activity() == 99 && calls.incrementAndGet() % 4 == 0 ? "odd" : "usual";
                return new Answer(score, label, request.steps().isEmpty() ? 0 : request.steps().get(0));
            }
            """;

    @TempDir
    private Path home;

    @Test
    void casesThatAreRightPass() throws Exception {
        golden("low.yaml", """
                about: Nobody moves
                kind: edge
                request: {activity: 0, steps: []}
                answer: {score: 0, label: usual}
                """);
        golden("refused.yaml", """
                request: {activity: 101, steps: []}
                error: {code: invalid-request, path: /activity}
                """);

        assertThat(results())
                .extracting(result -> result.name() + " " + result.finding().verdict())
                .containsExactly("low (edge): Nobody moves PASSED", "refused PASSED");
    }

    @Test
    void aCaseThatIsWrongSaysWhere() throws Exception {
        golden("low.yaml", """
                request: {activity: 20, steps: []}
                answer: {score: {between: [0.3, 0.4]}, label: odd}
                """);

        assertThat(results())
                .singleElement()
                .extracting(result -> result.finding().text())
                .isEqualTo("""
                /score must be between 0.3 and 0.4, but is 0.2
                /label must be "odd", but is "usual"
                asked: {"activity":20,"steps":[]}""");
    }

    @Test
    void aCaseWithoutAnAnswerIsSkippedAndSaysWhatTheModuleSays() throws Exception {
        golden("low.yaml", "request: {activity: 20, steps: []}");

        assertThat(results()).singleElement().satisfies(result -> {
            assertThat(result.finding().verdict()).isEqualTo(Verdict.SKIPPED);
            assertThat(result.finding().text())
                    .contains("{\"score\":0.2,\"label\":\"usual\",\"first\":0}")
                    .endsWith("patchbay test --record");
        });
    }

    @Test
    void aRelationThatDoesNotHoldShowsTheValues() throws Exception {
        golden("days.yaml", """
                cases:
                  calm: {request: {activity: 10, steps: []}, answer: {}}
                  walk: {request: {activity: 30, steps: []}, answer: {}}
                relations:
                  - {increasing: /score, over: [calm, walk]}
                  - {increasing: score, of: calm, setting: /activity, to: [20, 40, 50, 60]}
                """);

        List<CheckResult> relations = results().subList(2, 4);
        assertThat(relations)
                .extracting(CheckResult::name)
                .containsExactly(
                        "/score is increasing over calm, walk",
                        "/score is increasing for calm setting /activity to [20,40,50,60]");
        assertThat(relations.getFirst().isFailed()).isFalse();
        assertThat(relations.getLast().finding().text()).isEqualTo("""
                it does not hold:
                  /activity = 20  0.2
                  /activity = 40  0.4
                  /activity = 50  0.0  ← must be above 0.4
                  /activity = 60  0.6""");
    }

    @Test
    void anAnswerThatHangsOnTheOrderOfAListIsFound() throws Exception {
        golden("days.yaml", """
                cases:
                  walk: {request: {activity: 30, steps: [1, 2, 3, 4]}, answer: {}}
                relations:
                  - {equal: /score, of: walk, shuffling: /steps}
                  - {equal: "", of: walk, shuffling: /steps, about: the order of steps does not matter}
                """);

        List<CheckResult> relations = results().subList(1, 3);
        assertThat(relations.getFirst().isFailed()).isFalse();
        assertThat(relations.getLast().name()).isEqualTo("the order of steps does not matter");
        assertThat(relations.getLast().finding().text()).contains("← must equal {\"score\":0.3");
    }

    @Test
    void aRelationThatCannotBeUnderstoodIsNamed() throws Exception {
        golden("days.yaml", """
                cases:
                  walk: {request: {activity: 30, steps: []}, answer: {}}
                relations:
                  - {increasing: /score, over: [walk, wolk]}
                """);

        assertThat(results())
                .singleElement()
                .satisfies(result -> assertThat(result.finding().text())
                        .startsWith("days.yaml: relation {\"increasing\"")
                        .endsWith(": there is no case 'wolk'; there are walk"));
    }

    @Test
    void whatIsMostlyRightIsCounted() throws Exception {
        golden("chance.yaml", """
                cases:
                  lenient: {request: {activity: 99, steps: []}, answer: {label: usual}, runs: 20, pass_rate: 0.7}
                  strict: {request: {activity: 99, steps: []}, answer: {label: usual}, runs: 20, pass_rate: 0.8}
                  certain: {request: {activity: 9, steps: []}, answer: {label: usual}, runs: 20, pass_rate: 0.9, certain: true}
                """);

        List<CheckResult> results = results();
        assertThat(results.get(0).finding().verdict()).isEqualTo(Verdict.PASSED);
        assertThat(results.get(0).finding().text())
                .isEqualTo("15 of 20 runs passed: 75.0 %; with 95 % confidence it passes 53.1 to 88.8 % of the time");
        assertThat(results.get(1).finding().text()).isEqualTo("""
                15 of 20 runs passed: 75.0 %; with 95 % confidence it passes 53.1 to 88.8 % of the time; at least 80.0 % are wanted
                5 times: /label must be "usual", but is "odd"
                asked: {"activity":99,"steps":[]}""");
        assertThat(results.get(2).finding().text())
                .contains("All runs passed, but they are too few to prove it: 35 are needed");
    }

    private void golden(String name, String text) throws IOException {
        Path folder = Files.createDirectories(home.resolve("cases"));
        Files.writeString(folder.resolve(name), text);
    }

    private List<CheckResult> results() throws Exception {
        ModuleFixture module = ModuleFixture.compile(home, "task = \"score\", version = \"1.0.0\"", SCORE);
        TestPlan plan = TestPlan.of(module.artifact());
        try (ModuleSuite suite =
                ModuleSuite.start(new TestPlan(plan.project(), "", List.of(), List.of(home.resolve("cases")), null))) {
            return suite.run(suite.of(EnumSet.of(Check.Kind.GOLDEN)), result -> {})
                    .results();
        }
    }
}
