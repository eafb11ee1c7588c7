package dev.patchbay.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.leak.LeakRun.Step;
import dev.patchbay.testkit.load.LoadPlan;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeakChecksTest {

    private static final String TYPES = """
            public record Request(int x) {}
            public record Answer(int x) {}
            """;

    @TempDir
    private Path home;

    @Test
    void aModuleThatLeavesNothingPasses() throws Exception {
        assertThat(failed("""
                private final java.util.Map<Integer, byte[]> cache = new java.util.concurrent.ConcurrentHashMap<>();
                public Answer predict(Request request, Call call) {
                    return new Answer(cache.computeIfAbsent(request.x(), x -> new byte[100_000]).length);
                }
                """)).isEmpty();
    }

    @Test
    void aThreadThatGoesOnIsNamedAsTheHolder() throws Exception {
        List<CheckResult> failed = failed("""
                public void load(ModuleContext context) {
                    Thread thread = new Thread(() -> {
                        while (true) {
                            try {
                                Thread.sleep(1_000);
                            } catch (InterruptedException e) {
                                continue;
                            }
                        }
                    }, "poll-the-weather");
                    thread.setDaemon(true);
                    thread.start();
                }
                public Answer predict(Request request, Call call) {
                    return new Answer(1);
                }
                """);

        assertThat(failed)
                .extracting(CheckResult::name)
                .contains("every class loader dies, 10 times over", "leaves no thread behind");
        assertThat(failed.getFirst().finding().text())
                .startsWith("11 of 11 class loaders are still there after teardown")
                .contains("held by")
                .contains("poll-the-weather");
        assertThat(failed.get(1).finding().text())
                .startsWith("1.0 threads more in each round: 10 × poll-the-weather")
                .endsWith("Take executors and schedulers from the context, or end your own in teardown");
    }

    @Test
    void aFileThatStaysOpenIsCounted() throws Exception {
        assertThat(failed("""
                private static final java.util.Properties KEPT = System.getProperties();
                public void load(ModuleContext context) throws Exception {
                    KEPT.put("open" + System.nanoTime(),
                            java.nio.channels.FileChannel.open(java.nio.file.Path.of("/dev/null")));
                }
                public Answer predict(Request request, Call call) {
                    return new Answer(1);
                }
                """))
                .filteredOn(result -> result.name().equals("leaves no file open"))
                .singleElement()
                .satisfies(result -> assertThat(result.finding().text())
                        .startsWith("1.0 open files or sockets more in each round. Close them in teardown"));
    }

    @Test
    void growthIsTheMedianSlopeOfTheSecondHalf() {
        List<Step> steps = java.util.stream.LongStream.of(0, 90, 10, 90, 100, 110, 500, 130, 140, 150)
                .mapToObj(heap -> new Step(heap, 0, 0, 0, 0))
                .toList();

        assertThat(LeakChecks.slope(new LeakRun(steps, 10, List.of(), Map.of(), List.of(), Map.of()), Step::heap))
                .isCloseTo(10, within(1e-9));
    }

    private List<CheckResult> failed(String body) throws Exception {
        ModuleFixture module = ModuleFixture.compile(home, "task = \"leaky\", version = \"1.0.0\"", TYPES + body);
        TestPlan plan =
                new TestPlan(ModuleProject.at(module.artifact()), "", List.of(), List.of(), null, 10, LoadPlan.USUAL);
        try (ModuleSuite suite = ModuleSuite.start(plan)) {
            return suite.run(suite.of(EnumSet.of(Check.Kind.LEAK)), result -> {}).results().stream()
                    .filter(CheckResult::isFailed)
                    .toList();
        }
    }
}
