package dev.patchbay.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.Finding.Verdict;
import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class LoadChecksTest {

    private static final String MODULE = """
            public record Request(@Min(0) @Max(1) int x) {}
            public record Answer(int x) {}
            private final List<byte[]> kept = Collections.synchronizedList(new ArrayList<>());
            private final java.util.concurrent.atomic.AtomicInteger calls = new java.util.concurrent.atomic.AtomicInteger();
            public Answer predict(Request request, Call call) throws Exception {
                int number = calls.incrementAndGet();
                %s
                return new Answer(number);
            }
            """;

    private static final LoadPlan RATE = new LoadPlan(100, 0, Duration.ZERO, Duration.ofSeconds(2));
    private static final LoadPlan CALLERS = new LoadPlan(0, 2, Duration.ZERO, Duration.ofSeconds(1));

    @TempDir
    private Path home;

    @Test
    void aModuleThatAnswersPassesAndItsLatencyIsDrawn() throws Exception {
        List<CheckResult> results = results("", RATE);

        assertThat(results.getFirst().name()).isEqualTo("answers 100 calls a second for 2 s");
        assertThat(results.getFirst().finding().verdict()).isEqualTo(Verdict.PASSED);
        assertThat(results.getFirst().finding().text()).startsWith("200 calls, ");
        assertThat(results.getFirst().finding().charts()).hasSize(2);
        assertThat(results.get(1).isFailed()).isFalse();
        assertThat(results.get(2).finding().text()).contains("record it: patchbay test --layer load --record");
    }

    @Test
    void failuresAreCountedByCode() throws Exception {
        List<CheckResult> results = results(
                "if (number % 4 == 0) throw InferenceException.dependency(\"the other side is down\", null);", CALLERS);

        assertThat(results.getFirst().isFailed()).isTrue();
        assertThat(results.getFirst().finding().text())
                .matches("(?s)\\d+ of \\d+ calls failed: \\d+ × dependency-failed\n.*");
    }

    @Test
    void whatGrowsWithEachCallIsFound() throws Exception {
        List<CheckResult> results = results("kept.add(new byte[100_000]);", RATE);

        assertThat(results.get(1).isFailed()).isTrue();
        assertThat(results.get(1).finding().text())
                .matches(
                        "each call leaves 1\\d\\d\\.\\d kB on the heap: \\d\\d MB more after 200 calls and a collection\\. Look .*");
    }

    /// One call in the middle stands still for most of a second. Who asks again only after an answer would see one
    /// slow call; at a rate, all that were due meanwhile waited as well, because the module does one at a time.
    @Test
    void aStandstillIsChargedToAllCallsThatWereDue() throws Exception {
        List<CheckResult> results = results("synchronized (this) { if (number == 50) Thread.sleep(800); }", RATE);

        double p75 = results.getFirst().finding().charts().getFirst().values().get(3);
        assertThat(p75).isGreaterThan(100);
    }

    @Test
    void whatIsSlowerThanTheBaselineFails() throws Exception {
        ModuleFixture module = module("");
        TestPlan plan = plan(module, CALLERS);
        try (ModuleSuite suite = ModuleSuite.start(plan)) {
            Path file = suite.load().record();
            assertThat(file).isEqualTo(module.artifact().resolve("load-baseline.json"));
            ObjectNode baseline = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
            baseline.put("p50_ms", -1_000).put("p95_ms", 1_000_000);
            Files.writeString(file, baseline.toString());

            List<CheckResult> results =
                    suite.run(suite.load().checks(), result -> {}).results();

            assertThat(results)
                    .extracting(CheckResult::name)
                    .containsExactly(
                            "answers 2 callers, one call at a time each for 1 s",
                            "keeps nothing of the calls it answered",
                            "needs no more p50 time than before",
                            "needs no more p95 time than before",
                            "needs no more p99 time than before",
                            "needs no more memory allocated per call than before");
            // failed, or skipped where other processes take the machine
            assertThat(results.get(2).finding().verdict()).isNotEqualTo(Verdict.PASSED);
            assertThat(results.get(2).finding().text()).contains("up to 1.5 times is allowed");
            assertThat(results.get(3).isFailed()).isFalse();
        }
    }

    @Test
    void aSlowTimeFailsUnlessOtherProcessesTookTheMachineAndMemoryAlwaysDoes() {
        LoadBaseline baseline = new LoadBaseline(
                "",
                "",
                JsonMapper.shared()
                        .readTree("{\"p50_ms\": 1, \"allocated_kb_per_call\": 10, \"ratios\": {\"p50_ms\": 2}}"));
        LoadChecks.Measure time = LoadChecks.MEASURES.getFirst();
        LoadChecks.Measure memory = LoadChecks.MEASURES.getLast();

        assertThat(LoadChecks.judge(time, baseline, measured(1.9, 0)).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(LoadChecks.judge(time, baseline, measured(5, 0.1)).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(LoadChecks.judge(time, baseline, measured(1.9, 0.9)).verdict())
                .isEqualTo(Verdict.PASSED);
        assertThat(LoadChecks.judge(time, baseline, measured(5, 0.6)))
                .matches(finding -> finding.verdict() == Verdict.SKIPPED)
                .extracting(Finding::text)
                .asString()
                .startsWith(
                        "5.00 ms, was 1.00 ms: 5.00 times as much; up to 2.0 times is allowed. But other processes took"
                                + " 60 % of the machine meanwhile");
        assertThat(LoadChecks.judge(memory, baseline, measured(1, 0.9)).verdict())
                .isEqualTo(Verdict.FAILED);
    }

    /// A run in which each call took so long and allocated 50 kB.
    private static LoadResult measured(double millis, double others) {
        Histogram latencies = new Histogram(3);
        latencies.recordValue((long) (millis * 1e6));
        return new LoadResult(latencies, List.of(), 1, Map.of(), 1, 50_000, 0, others);
    }

    @Test
    void timesOfAnotherMachineAreNotCompared() throws Exception {
        ModuleFixture module = module("");
        Files.writeString(
                module.artifact().resolve("load-baseline.json"),
                "{\"machine\": \"a calculator\", \"plan\": \"%s\", \"p50_ms\": 0, \"allocated_kb_per_call\": 1000000}"
                        .formatted(CALLERS));
        try (ModuleSuite suite = ModuleSuite.start(plan(module, CALLERS))) {
            List<CheckResult> results =
                    suite.run(suite.load().checks(), result -> {}).results();

            assertThat(results.get(2).finding().verdict()).isEqualTo(Verdict.SKIPPED);
            assertThat(results.get(2).finding().text())
                    .startsWith("the baseline is of another machine (a calculator; this is ");
            assertThat(results.getLast().finding().verdict()).isEqualTo(Verdict.PASSED);
        }
    }

    private List<CheckResult> results(String inside, LoadPlan load) throws Exception {
        try (ModuleSuite suite = ModuleSuite.start(plan(module(inside), load))) {
            return suite.run(suite.of(EnumSet.of(Check.Kind.LOAD)), result -> {})
                    .results();
        }
    }

    private ModuleFixture module(String inside) throws Exception {
        return ModuleFixture.compile(home, "task = \"busy\", version = \"1.0.0\"", MODULE.formatted(inside));
    }

    private static TestPlan plan(ModuleFixture module, LoadPlan load) {
        return new TestPlan(ModuleProject.at(module.artifact()), "", List.of(), List.of(), null, 0, load);
    }
}
