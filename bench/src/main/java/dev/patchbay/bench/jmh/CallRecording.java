package dev.patchbay.bench.jmh;

import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.usage.UsageBook;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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

/// What it costs to write down a finished call: by metrics alone, by the usage book alone, and by both.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallRecording {

    private final ModuleKey key = new ModuleKey("score", "1.0.0");
    private final CallLedger metrics =
            new CallLedger(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), new ModuleRegistry());
    private final CallLedger all =
            new CallLedger(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), new ModuleRegistry());
    private final UsageBook book = new UsageBook(Clock.systemUTC());
    private CallRecord call = call();

    @Setup
    public void versions() {
        metrics.added(key);
        all.added(key);
        all.observe(new UsageBook(Clock.systemUTC()));
        call = call();
    }

    private static CallRecord call() {
        CallContext context = CallContext.incoming("r1", "acme", Duration.ofSeconds(1), TraceContext.from(null, null));
        CallTimings timings = CallTimings.of(context.arrived(), 5_000, 20_000, 10_000, 300_000, 15_000, 8_000);
        return new CallRecord(
                context,
                "score",
                new Resolution("1.0.0", Reason.DEFAULT, null, 1, List.of()),
                new Outcome.Answer(new byte[0]),
                timings,
                null,
                context.arrived() + 400_000);
    }

    @Benchmark
    public void metrics() {
        metrics.record(call);
    }

    @Benchmark
    public void usage() {
        book.finished(call);
    }

    @Benchmark
    public void metricsAndUsage() {
        all.record(call);
    }
}
