package dev.patchbay.testkit.load;

import dev.patchbay.testkit.Chart;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.RunningModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whether a module is as fast and as thrifty as when its baseline was recorded, and answers every call under load.
/// All checks look at one run, which the first of them makes.
public final class LoadChecks {

    /// Less than this is the kit's own and the collector's.
    private static final long LEAST_GROWTH = 8 << 20;

    /// What other processes may take of the machine before times say more about them than about the module.
    private static final double BUSY = 0.2;

    private static final double LEAST_GROWTH_PER_CALL = 2_000;
    private static final double[] PERCENTILES = {0, 25, 50, 75, 90, 95, 99, 99.9, 100};

    static final List<Measure> MEASURES = List.of(
            new Measure("p50_ms", "p50", "ms", 1.5, 0.2, result -> result.millis(50)),
            new Measure("p95_ms", "p95", "ms", 2, 1, result -> result.millis(95)),
            new Measure("p99_ms", "p99", "ms", 3, 5, result -> result.millis(99)),
            new Measure(
                    "allocated_kb_per_call",
                    "memory allocated per call",
                    "kB",
                    1.3,
                    1,
                    result -> result.allocatedPerCall() / 1e3));

    /// Something that is compared with the baseline.
    ///
    /// @param ratio how many times as much it may usually be
    /// @param slack a difference too small to mean anything
    record Measure(
            String key, String name, String unit, double ratio, double slack, ToDoubleFunction<LoadResult> value) {

        double of(LoadResult result) {
            return value.applyAsDouble(result);
        }

        boolean isTime() {
            return unit.equals("ms");
        }
    }

    private final RunningModule module;
    private final List<byte[]> requests;
    private final LoadPlan plan;
    private final Path home;
    private @Nullable LoadResult result;

    private LoadChecks(RunningModule module, List<byte[]> requests, LoadPlan plan, Path home) {
        this.module = module;
        this.requests = requests;
        this.plan = plan;
        this.home = home;
    }

    /// Prepares a run.
    ///
    /// @param requests valid ones, which take turns
    /// @param home the folder of the baseline
    public static LoadChecks prepare(RunningModule module, List<JsonNode> requests, LoadPlan plan, Path home) {
        return new LoadChecks(
                module,
                requests.stream().map(JsonMapper.shared()::writeValueAsBytes).toList(),
                plan,
                home);
    }

    /// Lists the checks.
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        if (requests.isEmpty()) {
            return List.of(
                    new Check(
                            Check.Kind.LOAD,
                            "is asked many times",
                            () -> Finding.failed(
                                    "there is no request to ask: add one as examples/<name>.json to the artifact, or a golden case")));
        }
        checks.add(new Check(Check.Kind.LOAD, "answers " + plan, this::answers));
        checks.add(new Check(Check.Kind.LOAD, "keeps nothing of the calls it answered", this::keepsNothing));
        Optional<LoadBaseline> baseline;
        try {
            baseline = LoadBaseline.of(home);
        } catch (IllegalArgumentException e) {
            checks.add(new Check(
                    Check.Kind.LOAD,
                    "has a baseline that can be read",
                    () -> Finding.failed(String.valueOf(e.getMessage()))));
            return checks;
        }
        if (baseline.isEmpty()) {
            checks.add(new Check(
                    Check.Kind.LOAD,
                    "is as fast as its baseline",
                    () -> Finding.skipped(
                            "there is none; when you are content, record it: patchbay test --layer load --record")));
            return checks;
        }
        for (Measure measure : MEASURES) {
            checks.add(new Check(
                    Check.Kind.LOAD,
                    "needs no more %s than before"
                            .formatted(measure.isTime() ? measure.name() + " time" : measure.name()),
                    () -> compare(measure, baseline.get())));
        }
        return checks;
    }

    /// Runs and keeps what was measured as the baseline.
    ///
    /// @return the file
    public Path record() throws IOException, InterruptedException {
        return LoadBaseline.write(home, plan, result());
    }

    private synchronized LoadResult result() throws InterruptedException {
        if (result == null) {
            result = LoadRun.of(module, requests, plan);
        }
        return result;
    }

    private Finding answers() throws InterruptedException {
        LoadResult run = result();
        String text = String.format(
                Locale.ROOT,
                "%d calls, %.0f a second; p50 %.2f ms, p95 %.2f ms, p99 %.2f ms, longest %.1f ms; %.1f kB allocated per call; heap %+.1f MB",
                run.latencies().getTotalCount(),
                run.perSecond(),
                run.millis(50),
                run.millis(95),
                run.millis(99),
                run.latencies().getMaxValue() / 1e6,
                run.allocatedPerCall() / 1e3,
                run.heapGrowth() / 1e6);
        if (run.failed() > 0) {
            text = "%d of %d calls failed: %s%n%s"
                    .formatted(
                            run.failed(),
                            run.latencies().getTotalCount(),
                            run.errors().entrySet().stream()
                                    .sorted(Map.Entry.comparingByKey())
                                    .map(entry -> entry.getValue() + " × " + entry.getKey())
                                    .collect(Collectors.joining(", ")),
                            text);
        }
        Finding finding = run.failed() == 0 ? Finding.passed(text) : Finding.failed(text);
        return finding.with(charts(run));
    }

    /// The same few requests are asked again and again: what is bounded has been filled by the warm-up.
    private Finding keepsNothing() throws InterruptedException {
        LoadResult run = result();
        double perCall = run.heapGrowth() / (double) Math.max(1, run.latencies().getTotalCount());
        if (run.heapGrowth() < LEAST_GROWTH || perCall < LEAST_GROWTH_PER_CALL) {
            return Finding.passed("");
        }
        return Finding.failed(String.format(
                Locale.ROOT,
                "each call leaves %.1f kB on the heap: %.0f MB more after %d calls and a collection. Look for a static field, a map or a list that grows with each call; bound it, or take context.cache(…)",
                perCall / 1e3,
                run.heapGrowth() / 1e6,
                run.latencies().getTotalCount()));
    }

    private static List<Chart> charts(LoadResult run) {
        List<String> labels = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            labels.add(
                    percentile == 100
                            ? "max"
                            : String.format(Locale.ROOT, percentile % 1 == 0 ? "p%.0f" : "p%.1f", percentile));
            values.add(run.millis(percentile));
        }
        return List.of(
                new Chart("Time from due to answered, by percentile", "ms", "percentile", labels, values),
                new Chart(
                        "p99, second by second",
                        "ms",
                        "second",
                        List.of(),
                        run.seconds().stream()
                                .filter(second -> second.getTotalCount() > 0)
                                .map(second -> second.getValueAtPercentile(99) / 1e6)
                                .toList()));
    }

    private Finding compare(Measure measure, LoadBaseline baseline) throws InterruptedException {
        LoadResult run = result();
        if (measure.isTime() && !baseline.machine().equals(LoadBaseline.thisMachine())) {
            return Finding.skipped("the baseline is of another machine (%s; this is %s); times cannot be compared"
                    .formatted(baseline.machine(), LoadBaseline.thisMachine()));
        }
        if (!baseline.plan().equals(plan.toString())) {
            return Finding.skipped(
                    "the baseline was recorded with %s, and this was %s".formatted(baseline.plan(), plan));
        }
        return judge(measure, baseline, run);
    }

    static Finding judge(Measure measure, LoadBaseline baseline, LoadResult run) {
        double before = baseline.measured(measure.key());
        double now = measure.of(run);
        double ratio = baseline.ratio(measure.key(), measure.ratio());
        String text = String.format(
                Locale.ROOT,
                "%.2f %s, was %.2f %s: %.2f times as much; up to %.1f times is allowed",
                now,
                measure.unit(),
                before,
                measure.unit(),
                before == 0 ? 0 : now / before,
                ratio);
        if (now <= before * ratio || now - before <= measure.slack()) {
            return Finding.passed(text);
        }
        if (measure.isTime() && run.others() > BUSY) {
            return Finding.skipped(String.format(
                    Locale.ROOT,
                    "%s. But other processes took %.0f %% of the machine meanwhile, so that this says nothing about the module; run it again when the machine is quiet",
                    text,
                    100 * run.others()));
        }
        return Finding.failed(text);
    }
}
