package dev.patchbay.core.telemetry;

import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The meters of one version, looked up once so that recording a call looks nothing up.
final class VersionMetrics {

    /// From 100 µs to 10 s: small models answer in less than the first bucket of the usual defaults.
    static final Duration[] BUCKETS = buckets(
            100,
            200,
            500,
            1_000,
            2_000,
            5_000,
            10_000,
            20_000,
            50_000,
            100_000,
            200_000,
            500_000,
            1_000_000,
            2_000_000,
            5_000_000,
            10_000_000);

    private final MeterRegistry registry;
    private final Timer duration;
    private final Timer overhead;
    private final Map<OutcomeLabel, Counter> outcomes = new EnumMap<>(OutcomeLabel.class);
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
    private final Map<Reason, Counter> reasons = new EnumMap<>(Reason.class);
    private final List<Meter> all = new ArrayList<>();

    VersionMetrics(MeterRegistry registry, ModuleKey key) {
        this.registry = registry;
        Tags tags = Tags.of("task", key.task(), "version", key.version());
        this.duration = keep(Timer.builder("patchbay.request.duration")
                .description("From the arrival of a request to its answer")
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
        this.overhead = keep(Timer.builder("patchbay.gateway.overhead")
                .description("The time of an answered request outside its module and outside the queue")
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
        for (OutcomeLabel outcome : OutcomeLabel.values()) {
            outcomes.put(
                    outcome,
                    keep(Counter.builder("patchbay.requests")
                            .description("Requests by how they ended")
                            .tags(tags.and("outcome", outcome.label()))
                            .register(registry)));
        }
        for (Stage stage : Stage.values()) {
            stages.put(
                    stage,
                    keep(Timer.builder("patchbay.stage.duration")
                            .description("Time spent in each stage of a request")
                            .tags(tags.and("stage", stage.name().toLowerCase(Locale.ROOT)))
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry)));
        }
        for (Reason reason : Reason.values()) {
            reasons.put(
                    reason,
                    keep(Counter.builder("patchbay.route.decisions")
                            .description("Requests by why they went to this version")
                            .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
                            .register(registry)));
        }
    }

    void record(CallRecord call, Reason reason) {
        count(outcomes.get(OutcomeLabel.of(call.outcome())));
        count(reasons.get(reason));
        duration.record(call.totalNanos(), TimeUnit.NANOSECONDS);
        long inside = call.timings().insideModule();
        if (inside >= 0) {
            long own = call.totalNanos() - inside - call.timings().nanos(Stage.QUEUE);
            overhead.record(Math.max(0, own), TimeUnit.NANOSECONDS);
        }
        for (Map.Entry<Stage, Timer> stage : stages.entrySet()) {
            long nanos = call.timings().nanos(stage.getKey());
            if (nanos >= 0) {
                stage.getValue().record(nanos, TimeUnit.NANOSECONDS);
            }
        }
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    void remove() {
        all.forEach(registry::remove);
    }

    private <M extends Meter> M keep(M meter) {
        all.add(meter);
        return meter;
    }

    private static Duration[] buckets(long... micros) {
        Duration[] buckets = new Duration[micros.length];
        for (int i = 0; i < micros.length; i++) {
            buckets[i] = Duration.of(micros[i], java.time.temporal.ChronoUnit.MICROS);
        }
        return buckets;
    }
}
