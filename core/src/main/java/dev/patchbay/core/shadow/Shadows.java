package dev.patchbay.core.shadow;

import dev.patchbay.api.CallMode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.ShadowConfig;
import dev.patchbay.core.config.ShadowConfig.Comparison;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.CancelSignal;
import dev.patchbay.core.execution.Dialect;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleLease;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallObserver;
import dev.patchbay.core.telemetry.CallRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Asks shadows what callers asked, when their answers are there, and compares. A caller notices nothing: the question
/// is handed to another thread, a shadow holds at most [#INSIDE] questions at a time, and what is beyond is dropped and
/// counted. A shadow that hangs keeps its places until its calls really end, and so is asked nothing more. The module
/// sees [CallMode#SHADOW]. Safe for threads.
public final class Shadows implements CallObserver {

    /// Questions that one shadow holds at a time.
    public static final int INSIDE = 32;

    private static final Logger log = LoggerFactory.getLogger(Shadows.class);
    private static final long PATIENCE = java.time.Duration.ofSeconds(60).toNanos();

    private final ConfigControl config;
    private final ModuleRegistry modules;
    private final MeterRegistry meters;
    private final JsonMapper json = JsonMapper.shared();
    private final Map<ModuleKey, Lane> lanes = new ConcurrentHashMap<>();

    /// What one shadow has in hand, and how it did. Its counter of what was dropped is at hand: looking one up costs
    /// more than all else that a caller pays for a shadow that is full.
    private record Lane(Semaphore places, ShadowTally tally, Counter dropped) {

        void drop() {
            tally.dropped();
            dropped.increment();
        }
    }

    /// Makes shadows that were asked nothing.
    public Shadows(ConfigControl config, ModuleRegistry modules, MeterRegistry meters) {
        this.config = config;
        this.modules = modules;
        this.meters = meters;
    }

    @Override
    public void finished(CallRecord call) {
        Resolution resolution = call.resolution();
        Dialect asked = call.question();
        if (resolution == null || resolution.shadows().isEmpty() || asked == null) {
            return;
        }
        for (String version : resolution.shadows()) {
            ModuleKey key = new ModuleKey(call.task(), version);
            Lane lane = lanes.get(key);
            if (lane == null) {
                lane = lanes.computeIfAbsent(
                        key, k -> new Lane(new Semaphore(INSIDE), new ShadowTally(), counter(k, "dropped")));
            }
            if (lane.places().tryAcquire()) {
                Lane taken = lane;
                Thread.ofVirtual().name("patchbay-shadow").start(() -> ask(key, taken, call, resolution, asked));
            } else {
                lane.drop();
            }
        }
    }

    private void ask(ModuleKey key, Lane lane, CallRecord call, Resolution resolution, Dialect asked) {
        Dialect question = asked.again().orElse(null);
        if (question == null) {
            lane.places().release();
            return;
        }
        ModuleLease lease = modules.lease(key);
        if (lease == null) {
            lane.places().release();
            lane.tally().failed("not-ready");
            count(key, "failed");
            return;
        }
        Runnable ended = () -> {
            lease.close();
            lane.places().release();
        };
        long now = System.nanoTime();
        CallTimings timings = new CallTimings(now);
        CallContext context = new CallContext(
                call.context().requestId(),
                call.context().tenant(),
                CallMode.SHADOW,
                now,
                now + PATIENCE,
                call.context().trace(),
                call.context().path(),
                new CancelSignal());
        try {
            lease.instance()
                    .executor()
                    .submit(
                            context,
                            question,
                            null,
                            timings,
                            outcome -> compare(key, lane, call, resolution, outcome, timings),
                            ended);
        } catch (InferenceException refused) {
            ended.run();
            lane.tally().failed(refused.code().id());
            count(key, "failed");
        } catch (RuntimeException | Error bug) {
            ended.run();
            log.error("shadow {} could not be asked", key, bug);
        }
    }

    private void compare(
            ModuleKey key, Lane lane, CallRecord call, Resolution resolution, Outcome outcome, CallTimings timings) {
        ShadowTally tally = lane.tally();
        switch (outcome) {
            case Outcome.Failure(InferenceException error) -> {
                // what neither can answer is no difference between them
                if (call.outcome() instanceof Outcome.Answer) {
                    tally.failed(error.code().id());
                    count(key, "failed");
                }
            }
            case Outcome.Answer(byte[] shadow) -> {
                byte[] served = served(call);
                if (served != null) {
                    Comparison rules = rules(key);
                    List<Difference> differences =
                            new AnswerComparison(rules).compare(json.readTree(served), json.readTree(shadow));
                    tally.took(call.timings().insideModule(), timings.insideModule());
                    tally.compared(
                            differences,
                            call.context().requestId(),
                            call.context().tenant(),
                            resolution.version(),
                            rules.showsText());
                    count(key, differences.isEmpty() ? "agreed" : "differed");
                } else {
                    tally.answeredAlone();
                    count(key, "answered_alone");
                }
            }
        }
    }

    /// Gives the answer to the caller in the task's own JSON; null if there is none.
    private static byte @Nullable [] served(CallRecord call) {
        Dialect asked = call.question();
        return asked != null && call.outcome() instanceof Outcome.Answer(byte[] answer)
                ? asked.inOwnJson(answer).orElse(null)
                : null;
    }

    private Comparison rules(ModuleKey key) {
        TaskConfig section = config.config().task(key.task());
        return section.shadows().stream()
                .filter(shadow -> section.resolve(shadow.version()).equals(key.version()))
                .map(ShadowConfig::compare)
                .findFirst()
                .orElse(Comparison.EXACT);
    }

    private void count(ModuleKey key, String verdict) {
        counter(key, verdict).increment();
    }

    private Counter counter(ModuleKey key, String verdict) {
        return Counter.builder("patchbay.shadow.results")
                .description("Questions to shadows by how their answers compared")
                .tags("task", key.task(), "version", key.version(), "verdict", verdict)
                .register(meters);
    }

    /// Reports every shadow that was asked something, by task and version.
    public List<ShadowReport> reports() {
        return lanes.entrySet().stream()
                .map(entry -> entry.getValue().tally().report(entry.getKey()))
                .sorted(Comparator.comparing(ShadowReport::key))
                .toList();
    }
}
