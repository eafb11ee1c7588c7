package dev.patchbay.bench.jmh;

import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.MemoryRevisions;
import dev.patchbay.core.config.VersionCatalog;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.rollout.Rollouts;
import dev.patchbay.core.routing.Placement;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.EventLog;
import dev.patchbay.core.usage.UsageBook;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to write down a finished call: for metrics, for the usage book, for an experiment, and for all.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallRecording {

    private static final String CANARY = """
            inference:
              score:
                default_version: "1.0.0"
                experiments: [{name: canary, rollout: 10, unit: id, version: "2.0.0"}]
            """;

    private final ModuleKey key = new ModuleKey("score", "1.0.0");
    private final CallLedger metrics = ledger();
    private final CallLedger all = ledger();
    private final UsageBook book = new UsageBook(Clock.systemUTC());
    private final Rollouts rollouts = rollouts();
    private CallRecord call = call();

    /// Makes the versions and observers known.
    @Setup
    public void begin() {
        metrics.added(key);
        all.added(key);
        all.observe(new UsageBook(Clock.systemUTC()));
        all.observe(rollouts());
        call = call();
    }

    private static CallLedger ledger() {
        return new CallLedger(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), new ModuleRegistry());
    }

    private static Rollouts rollouts() {
        ConfigControl config =
                new ConfigControl(new MemoryRevisions(), new AllReady(), (number, now) -> {}, Clock.systemUTC());
        config.start(CANARY, "bench");
        Rollouts rollouts = new Rollouts(config, new EventLog(Clock.systemUTC()), Clock.systemUTC());
        rollouts.tick();
        return rollouts;
    }

    private static CallRecord call() {
        CallContext context = CallContext.incoming("r1", "acme", Duration.ofSeconds(1), TraceContext.from(null, null));
        CallTimings timings = CallTimings.of(context.arrived(), 5_000, 20_000, 10_000, 300_000, 15_000, 8_000);
        Resolution resolution = new Resolution(
                "1.0.0",
                Reason.DEFAULT,
                null,
                1,
                List.of(),
                List.of(new Placement("canary", -1_234_567, false)),
                List.of());
        return new CallRecord(
                context,
                "score",
                resolution,
                new Outcome.Answer(new byte[0]),
                timings,
                null,
                context.arrived() + 400_000);
    }

    /// The metrics alone.
    @Benchmark
    public void metrics() {
        metrics.record(call);
    }

    /// The usage book alone.
    @Benchmark
    public void usage() {
        book.finished(call);
    }

    /// The evidence of one experiment alone.
    @Benchmark
    public void experiment() {
        rollouts.finished(call);
    }

    /// Metrics, usage and an experiment.
    @Benchmark
    public void everything() {
        all.record(call);
    }

    /// Every version there is can be called.
    private static final class AllReady implements VersionCatalog {
        @Override
        public Set<String> versions(String task) {
            return Set.of("1.0.0", "2.0.0");
        }

        @Override
        public Progress progress(ModuleKey key) {
            return new Progress.Ready();
        }

        @Override
        public Set<String> sections() {
            return Set.of();
        }

        @Override
        public void checkSections(GatewayConfig config) {}

        @Override
        public Prepared prepare(GatewayConfig config) {
            return new Prepared() {
                @Override
                public void commit() {}

                @Override
                public void abandon() {}
            };
        }

        @Override
        public void onChange(Runnable listener) {}
    }
}
