package dev.patchbay.core.telemetry;

import dev.patchbay.core.cache.CacheResult;
import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.telemetry.CallTotals.Sum;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The meters of one version, looked up once so that recording a call looks nothing up. Histograms are made with the
/// first call: of a thousand tasks most are quiet, and each histogram is twenty lines of every scrape.
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

    private static final double[] BATCH_SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<OutcomeLabel, Counter> outcomes = new EnumMap<>(OutcomeLabel.class);
    private final Map<Reason, Counter> reasons = new EnumMap<>(Reason.class);
    private final Map<CacheResult, Counter> cached = new ConcurrentHashMap<>();
    private final List<Meter> all = new CopyOnWriteArrayList<>();
    /// What the timers do not tell apart.
    private final LongAdder failedNanos = new LongAdder();

    private final LongAdder sharedNanos = new LongAdder();
    private volatile long lastEnded;
    private volatile @Nullable Durations durations;
    private volatile @Nullable DistributionSummary batches;

    private record Durations(Timer whole, Timer overhead, Map<Stage, Timer> stages) {}

    VersionMetrics(MeterRegistry registry, ModuleKey key) {
        this.registry = registry;
        this.tags = Tags.of("task", key.task(), "version", key.version());
        for (OutcomeLabel outcome : OutcomeLabel.values()) {
            outcomes.put(
                    outcome,
                    keep(Counter.builder("patchbay.requests")
                            .description("Requests by how they ended")
                            .tags(tags.and("outcome", outcome.label()))
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

    private synchronized Durations durations() {
        Durations made = durations;
        if (made == null) {
            Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
            for (Stage stage : Stage.values()) {
                stages.put(
                        stage,
                        timer(
                                "patchbay.stage.duration",
                                "Time spent in each stage of a request",
                                tags.and("stage", stage.name().toLowerCase(Locale.ROOT))));
            }
            made = new Durations(
                    timer("patchbay.request.duration", "From the arrival of a request to its answer", tags),
                    timer(
                            "patchbay.gateway.overhead",
                            "The time of an answered request outside its module and outside the queue",
                            tags),
                    stages);
            durations = made;
        }
        return made;
    }

    private synchronized DistributionSummary batches() {
        DistributionSummary made = batches;
        if (made == null) {
            made = keep(DistributionSummary.builder("patchbay.batch.size")
                    .description("Requests that the module answered together")
                    .tags(tags)
                    .serviceLevelObjectives(BATCH_SIZES)
                    .register(registry));
            batches = made;
        }
        return made;
    }

    private Timer timer(String name, String description, Tags its) {
        return keep(Timer.builder(name)
                .description(description)
                .tags(its)
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
    }

    void record(CallRecord call, Reason reason) {
        OutcomeLabel outcome = OutcomeLabel.of(call.outcome());
        increment(outcomes.get(outcome));
        if (outcome != OutcomeLabel.OK) {
            failedNanos.add(call.totalNanos());
        } else if (call.cache().isShared()) {
            sharedNanos.add(call.totalNanos());
        }
        lastEnded = call.endedNanos();
        increment(reasons.get(reason));
        if (call.cache() != CacheResult.NONE) {
            cached.computeIfAbsent(call.cache(), this::cached).increment();
        }
        Durations known = durations;
        Durations times = known == null ? durations() : known;
        times.whole().record(call.totalNanos(), TimeUnit.NANOSECONDS);
        long inside = call.timings().insideModule();
        if (inside >= 0) {
            long own = call.totalNanos() - inside - call.timings().nanos(Stage.QUEUE);
            times.overhead().record(Math.max(0, own), TimeUnit.NANOSECONDS);
        }
        if (call.timings().isFirstOfBatch()) {
            DistributionSummary sizes = batches;
            (sizes == null ? batches() : sizes).record(call.timings().batchSize());
        }
        for (Map.Entry<Stage, Timer> stage : times.stages().entrySet()) {
            long nanos = call.timings().nanos(stage.getKey());
            if (nanos >= 0) {
                stage.getValue().record(nanos, TimeUnit.NANOSECONDS);
            }
        }
    }

    /// Adds up what was recorded.
    CallTotals totals() {
        Durations times = durations;
        if (times == null) {
            return new CallTotals(Sum.NONE, Sum.NONE, Sum.NONE, 0, Map.of(), 0, 0);
        }
        Map<Stage, Sum> stages = new EnumMap<>(Stage.class);
        times.stages().forEach((stage, timer) -> stages.put(stage, new Sum(timer.count(), nanos(timer))));
        long answered = count(outcomes.get(OutcomeLabel.OK));
        DistributionSummary together = batches;
        long batched = together == null ? 0 : Math.round(together.totalAmount()) - together.count();
        return new CallTotals(
                new Sum(answered, Math.max(0, nanos(times.whole()) - failedNanos.sum())),
                new Sum(Math.max(0, times.whole().count() - answered), failedNanos.sum()),
                new Sum(
                        hits(CacheResult.HIT) + hits(CacheResult.SIMILAR) + hits(CacheResult.COALESCED),
                        sharedNanos.sum()),
                hits(CacheResult.MISS),
                stages,
                Math.max(0, stages.getOrDefault(Stage.POSTPROCESS, Sum.NONE).count() - batched),
                System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastEnded));
    }

    private long hits(CacheResult result) {
        return count(cached.get(result));
    }

    private static long count(@Nullable Counter counter) {
        return counter == null ? 0 : Math.round(counter.count());
    }

    private static long nanos(Timer timer) {
        return Math.round(timer.totalTime(TimeUnit.NANOSECONDS));
    }

    private Counter cached(CacheResult result) {
        return keep(Counter.builder("patchbay.cache.requests")
                .description("Requests to versions whose answers are kept, by where their answer came from")
                .tags(tags.and("result", result.label()))
                .register(registry));
    }

    private static void increment(@Nullable Counter counter) {
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
