package dev.patchbay.core.telemetry;

import dev.patchbay.api.CallMode;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.core.execution.LaneUse;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.Resolution;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads each finished call once and tells metrics, access log and whoever else observes calls.
public final class CallLedger {

    private static final Logger access = LoggerFactory.getLogger("patchbay.access");

    private final MeterRegistry meters;
    private final ModuleRegistry modules;
    private final Map<ModuleKey, VersionMetrics> versions = new ConcurrentHashMap<>();
    private final Map<ModuleKey, List<Meter>> gauges = new ConcurrentHashMap<>();
    private final Map<ModuleKey, List<Meter>> spent = new ConcurrentHashMap<>();
    private final Map<ErrorCode, Counter> unrouted = new ConcurrentHashMap<>();
    private final Map<String, Counter> again = new ConcurrentHashMap<>();
    private final List<CallObserver> observers = new CopyOnWriteArrayList<>();

    /// Makes a ledger that registers its meters as versions come and go.
    public CallLedger(MeterRegistry meters, ModuleRegistry modules) {
        this.meters = meters;
        this.modules = modules;
    }

    /// Gives the registry that all is counted in.
    public MeterRegistry meters() {
        return meters;
    }

    /// Tells an observer of every call from now on.
    public void observe(CallObserver observer) {
        observers.add(observer);
    }

    /// Shows a version's gauges from now on.
    public void added(ModuleKey key) {
        versions.computeIfAbsent(key, k -> new VersionMetrics(meters, k));
        gauges.computeIfAbsent(key, k -> {
            Tags tags = Tags.of("task", k.task(), "version", k.version());
            return List.of(
                    Gauge.builder(
                                    "patchbay.requests.in.flight",
                                    () -> modules.find(k)
                                            .map(instance -> instance.gate().inside())
                                            .orElse(0L))
                            .description("Requests inside the version")
                            .tags(tags)
                            .register(meters),
                    Gauge.builder(
                                    "patchbay.queue.depth",
                                    () -> modules.find(k)
                                            .map(instance -> instance.executor().waiting())
                                            .orElse(0))
                            .description("Requests waiting for a free place in the version")
                            .tags(tags)
                            .register(meters),
                    Gauge.builder(
                                    "patchbay.circuit.open",
                                    () -> modules.find(k)
                                            .map(instance -> instance.executor().isCircuitOpen() ? 1 : 0)
                                            .orElse(0))
                            .description("1 while the version rests after failures")
                            .tags(tags)
                            .register(meters));
        });
    }

    /// Shows what the threads of a version spend from now on, if that is known.
    public void spends(ModuleInstance instance) {
        if (instance.executor().use().isEmpty()) {
            return;
        }
        ModuleKey key = instance.key();
        spent.computeIfAbsent(key, k -> {
            Tags tags = Tags.of("task", k.task(), "version", k.version());
            return List.of(
                    FunctionCounter.builder(
                                    "patchbay.module.cpu",
                                    modules,
                                    all -> use(all, k)
                                            .map(use -> use.cpuNanos() / 1e9)
                                            .orElse(0.0))
                            .description("Processor time of the threads of the version's lane")
                            .baseUnit("seconds")
                            .tags(tags)
                            .register(meters),
                    FunctionCounter.builder(
                                    "patchbay.module.allocated",
                                    modules,
                                    all -> use(all, k)
                                            .map(use -> (double) use.allocatedBytes())
                                            .orElse(0.0))
                            .description("Heap memory that the threads of the version's lane asked for")
                            .baseUnit("bytes")
                            .tags(tags)
                            .register(meters));
        });
    }

    private static Optional<LaneUse> use(ModuleRegistry modules, ModuleKey key) {
        return modules.find(key).flatMap(instance -> instance.executor().use());
    }

    /// Drops the meters of a version that is gone.
    public void removed(ModuleKey key) {
        VersionMetrics gone = versions.remove(key);
        if (gone != null) {
            gone.remove();
        }
        for (Map<ModuleKey, List<Meter>> shown : List.of(gauges, spent)) {
            List<Meter> own = shown.remove(key);
            if (own != null) {
                own.forEach(meters::remove);
            }
        }
    }

    /// Gives what each version did since it came, in no order.
    public Map<ModuleKey, CallTotals> totals() {
        Map<ModuleKey, CallTotals> totals = new HashMap<>();
        versions.forEach((key, metrics) -> totals.put(key, metrics.totals()));
        return totals;
    }

    /// Notes that a call was answered by another than routing chose.
    ///
    /// @param label who answered: `version`, `task` or `constant`
    public void fellBack(String task, String label) {
        again.computeIfAbsent(
                        task + " " + label,
                        key -> Counter.builder("patchbay.fallbacks")
                                .description("Requests that were answered by what their task falls back to")
                                .tags("task", task, "to", label)
                                .register(meters))
                .increment();
    }

    /// Notes that a call is tried again.
    public void retried(String task) {
        again.computeIfAbsent(
                        task,
                        key -> Counter.builder("patchbay.retries")
                                .description("Requests that were tried again after a failure")
                                .tags("task", task)
                                .register(meters))
                .increment();
    }

    /// Takes a finished call. Calls that a shadow makes on its way are no traffic.
    public void record(CallRecord call) {
        Resolution resolution = call.resolution();
        if (call.context().mode() == CallMode.SHADOW) {
            log(call, resolution);
            return;
        }
        if (resolution != null) {
            VersionMetrics version = versions.get(new ModuleKey(call.task(), resolution.version()));
            if (version != null) {
                version.record(call, resolution.reason());
            }
        } else if (call.outcome() instanceof Outcome.Failure failure) {
            // the task's name comes from the caller and may be anything: it is no label
            unrouted.computeIfAbsent(
                            failure.error().code(),
                            code -> Counter.builder("patchbay.requests.unrouted")
                                    .description("Requests refused before a version was chosen")
                                    .tags("code", code.id())
                                    .register(meters))
                    .increment();
        }
        for (CallObserver observer : observers) {
            try {
                observer.finished(call);
            } catch (RuntimeException | Error bug) {
                // whoever only watches must not keep the caller from its answer
                access.error("{} failed on a finished call", observer.getClass().getName(), bug);
            }
        }
        log(call, resolution);
    }

    private void log(CallRecord call, @Nullable Resolution resolution) {
        // a module that warms up before the tasks it asks are there finds that out by asking
        boolean failed = call.context().mode() != CallMode.WARMUP
                && call.outcome() instanceof Outcome.Failure failure
                && failure.error().code().kind() != ErrorCode.Kind.CALLER;
        if (failed ? !access.isInfoEnabled() : !access.isDebugEnabled()) {
            return;
        }
        var line = (failed ? access.atInfo() : access.atDebug())
                .addKeyValue("request_id", call.context().requestId())
                .addKeyValue("trace_id", call.context().trace().traceId())
                .addKeyValue("task", call.task())
                .addKeyValue("tenant", call.context().tenant())
                .addKeyValue("millis", call.totalNanos() / 1_000 / 1000.0);
        if (resolution != null) {
            line = line.addKeyValue("version", resolution.version())
                    .addKeyValue("reason", resolution.reason())
                    .addKeyValue("revision", resolution.revision());
        }
        switch (call.outcome()) {
            case Outcome.Answer _ -> line.log("answered");
            case Outcome.Failure failure ->
                line.addKeyValue("code", failure.error().code().id())
                        .log(failure.error().getMessage());
        }
    }
}
