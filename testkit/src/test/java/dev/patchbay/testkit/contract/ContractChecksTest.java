package dev.patchbay.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContractChecksTest {

    private static final String REQUEST = """
            public record Request(
                    @Size(min = 1, max = 40) String name,
                    @Min(0) @Max(150) int age,
                    Optional<String> note,
                    Mood mood,
                    @Size(max = 5) List<Pet> pets) {}
            public record Pet(@NotBlank String name, @DecimalMin("0") double weight) {}
            public enum Mood { CALM, WILD }
            """;

    private static final String ANSWER =
            "public record Answer(@DecimalMin(\"0\") @DecimalMax(\"1\") double score) {}\n";

    @TempDir
    private Path home;

    @Test
    void aModuleThatKeepsItsSchemasPasses() throws Exception {
        TestReport report = report(ModuleFixture.compile(
                home, "task = \"greeting\", version = \"1.0.0\", deterministic = true", REQUEST + ANSWER + """
                        public Answer predict(Request request, Call call) {
                            return new Answer(1.0 / (1 + request.pets().size()));
                        }
                        """));

        assertThat(report.results()).filteredOn(CheckResult::isFailed).isEmpty();
        assertThat(names(report))
                .contains(
                        "says who it is",
                        "takes /age = 0 (the minimum)",
                        "takes /age = 150 (the maximum)",
                        "refuses /age below 0",
                        "refuses /age above 150",
                        "refuses /age as a text",
                        "refuses /age as a fraction",
                        "refuses it without /age",
                        "takes it without /note",
                        "refuses the unknown field /unknown_field",
                        "refuses /mood beyond its choices",
                        "takes /mood = \"WILD\"",
                        "takes /pets empty",
                        "takes /pets with 5 items (the most)",
                        "refuses /pets with 6 items",
                        "refuses it without /pets/0/weight",
                        "refuses the unknown field /pets/0/unknown_field",
                        "takes /name with 40 characters (the most)",
                        "gives equal answers to equal requests");
    }

    @Test
    void aModuleThatCannotDoWithoutAnOptionalFieldFails() throws Exception {
        TestReport report =
                report(ModuleFixture.compile(home, "task = \"greeting\", version = \"1.0.0\"", REQUEST + ANSWER + """
                        public Answer predict(Request request, Call call) {
                            return new Answer(request.note().get().length() * 0);
                        }
                        """));

        assertThat(failed(report)).singleElement().satisfies(result -> {
            assertThat(result.name()).isEqualTo("takes it without /note");
            assertThat(result.finding().text())
                    .startsWith(
                            "module-failed: java.util.NoSuchElementException: No value present (at fixture.Fixture.predict:")
                    .contains("asked: {\"name\":")
                    .endsWith(
                            "The schema allows this request. Answer it, narrow the schema (@Min, @Max, @Size, @Pattern on the record's component), or refuse it with InferenceException.invalid(path, message)");
        });
    }

    @Test
    void aModuleWhoseAnswerBreaksItsSchemaAtAnEdgeFails() throws Exception {
        TestReport report =
                report(ModuleFixture.compile(home, "task = \"greeting\", version = \"1.0.0\"", REQUEST + ANSWER + """
                        public Answer predict(Request request, Call call) {
                            return new Answer(1.0 / request.pets().size());
                        }
                        """));

        assertThat(failed(report)).extracting(CheckResult::name).containsExactly("takes /pets empty");
        assertThat(failed(report).getFirst().finding().text())
                .startsWith("invalid-response: ")
                .contains("/score");
    }

    @Test
    void aModuleThatRefusesAnEdgeWithWordsForTheCallerPasses() throws Exception {
        TestReport report =
                report(ModuleFixture.compile(home, "task = \"greeting\", version = \"1.0.0\"", REQUEST + ANSWER + """
                        public Answer predict(Request request, Call call) {
                            if (request.pets().isEmpty()) {
                                throw InferenceException.invalid("/pets", "name at least one pet");
                            }
                            return new Answer(0.5);
                        }
                        """));

        assertThat(failed(report)).isEmpty();
        assertThat(report.results())
                .filteredOn(result -> result.name().equals("takes /pets empty"))
                .singleElement()
                .extracting(result -> result.finding().text())
                .isEqualTo("refused by the module itself: name at least one pet");
    }

    @Test
    void aModuleThatPromisesEqualAnswersAndCountsFails() throws Exception {
        TestReport report = report(ModuleFixture.compile(
                home, "task = \"greeting\", version = \"1.0.0\", deterministic = true", REQUEST + ANSWER + """
                        private final java.util.concurrent.atomic.AtomicInteger calls = new java.util.concurrent.atomic.AtomicInteger();
                        public Answer predict(Request request, Call call) {
                            return new Answer(1.0 / calls.incrementAndGet());
                        }
                        """));

        assertThat(failed(report)).singleElement().satisfies(result -> {
            assertThat(result.name()).isEqualTo("gives equal answers to equal requests");
            assertThat(result.finding().text())
                    .startsWith(
                            "the module promises equal answers to equal requests, but asked again it gave another one\nfirst: {\"score\":");
        });
    }

    @Test
    void aModuleThatMixesUpCallsAtTheSameTimeFails() throws Exception {
        TestReport report = report(
                ModuleFixture.compile(home, "task = \"greeting\", version = \"1.0.0\", deterministic = true", """
                        public record Request(@Min(0) @Max(1) double x) {}
                        public record Answer(double x) {}
                        private volatile double shared;
                        public Answer predict(Request request, Call call) throws Exception {
                            shared = request.x();
                            Thread.sleep(2);
                            return new Answer(shared);
                        }
                        """)
                        .with("examples/a.json", "{\"x\": 0.1}")
                        .with("examples/b.json", "{\"x\": 0.9}"));

        assertThat(failed(report))
                .singleElement()
                .satisfies(
                        result -> assertThat(result.finding().text())
                                .startsWith(
                                        "the module promises equal answers to equal requests, but asked many at a time it gave another one"));
    }

    @Test
    void anExampleThatIsNotAnsweredFails() throws Exception {
        TestReport report = report(ModuleFixture.compile(home, "task = \"greeting\", version = \"1.0.0\"", """
                        public record Request(int x) {}
                        public record Answer(int x) {}
                        public void warmup(List<Request> examples, Call call) {}
                        public Answer predict(Request request, Call call) {
                            if (request.x() == 7 && call.mode() == CallMode.LIVE) {
                                throw new IllegalStateException("seven", new RuntimeException("deeper"));
                            }
                            return new Answer(request.x());
                        }
                        """)
                .with("examples/seven.json", "{\"x\": 7}"));

        assertThat(failed(report)).extracting(CheckResult::name).contains("answers its example seven.json");
        assertThat(failed(report).getFirst().finding().text())
                .contains("java.lang.IllegalStateException: seven (at fixture.Fixture.predict:")
                .contains("caused by java.lang.RuntimeException: deeper (at fixture.Fixture.predict:");
    }

    private static List<String> names(TestReport report) {
        return report.results().stream().map(CheckResult::name).toList();
    }

    private static List<CheckResult> failed(TestReport report) {
        return report.results().stream().filter(CheckResult::isFailed).toList();
    }

    private static TestReport report(ModuleFixture module) throws InterruptedException {
        try (ModuleSuite suite = ModuleSuite.start(TestPlan.of(module.artifact()))) {
            TestReport report = suite.run(suite.contract(), result -> {});
            assertThat(report.count(Finding.Verdict.PASSED)).isPositive();
            return report;
        }
    }
}
