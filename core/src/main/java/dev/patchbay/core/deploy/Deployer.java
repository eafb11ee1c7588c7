package dev.patchbay.core.deploy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.config.TaskLimits;
import dev.patchbay.core.config.VersionCatalog;
import dev.patchbay.core.deploy.Deployment.Running;
import dev.patchbay.core.execution.Deadlines;
import dev.patchbay.core.execution.ExecutionLimits;
import dev.patchbay.core.execution.ModuleExecutor;
import dev.patchbay.core.execution.TaskCaller;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.telemetry.CallLedger;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of a deployment, top to bottom:
///
/// 1. [#appeared]: an artifact is whole; it is copied under its digest and its descriptor is read
/// 2. [#claim]: it is checked that nobody else is this version
/// 3. [#bringUp]: classes, models and `load`, then `warmup` with its baseline; the version is READY: it can be
///    addressed, but no rule sends traffic to it
/// 4. a config revision moves traffic; that is routing's business, not ours
/// 5. [#disappeared] or [#retire]: once no rule names the version, it gets no new calls, waits for those inside,
///    is torn down, and its loader must die
///
/// Each deployment fails alone: the entry says what failed and why, and nothing else changes.
public final class Deployer implements ModuleSource.Listener, VersionCatalog, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Deployer.class);
    private static final int LOADS_AT_A_TIME = 2;
    private static final int REMEMBERED = 50;

    /// The parts of the gateway that a deployment changes.
    public record Parts(
            ModuleRegistry modules,
            Router router,
            CallLedger ledger,
            Deadlines deadlines,
            TaskCaller tasks,
            ModelRuntimes runtimes,
            MeterRegistry meters,
            Clock clock) {}

    private final Parts parts;
    private final ArtifactStore store;
    private final DescriptorReader descriptors;
    private final ModuleStarter starter;
    private final LeakWatch leaks = new LeakWatch();
    private final Retirement retirement = new Retirement(leaks);
    private final AtomicInteger numbers = new AtomicInteger();
    private final Semaphore loads = new Semaphore(LOADS_AT_A_TIME, true);
    private final AtomicInteger busy = new AtomicInteger();
    private final ExecutorService work = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("patchbay-deploy-", 0).factory());
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<Path, String> incomplete = new ConcurrentHashMap<>();

    /// All entries, by where they came from. Guarded by this object's monitor.
    private final Map<Path, Deployment> entries = new HashMap<>();
    /// Those that are over and no longer in the folder. Guarded by this object's monitor.
    private final List<Deployment> history = new ArrayList<>();

    private volatile GatewayConfig config = GatewayConfig.EMPTY;

    /// Makes a deployer.
    ///
    /// @param data where artifacts and temporary files of modules are kept
    public Deployer(Parts parts, Path data) {
        this.parts = parts;
        this.store = new ArtifactStore(data.resolve("artifacts"));
        this.descriptors = new DescriptorReader(parts.runtimes().formats());
        this.starter = new ModuleStarter(
                new HostContext.Host(parts.runtimes(), parts.meters(), parts.clock(), data.resolve("tmp")),
                parts.tasks());
        parts.meters().gauge("patchbay.modules.leaked", leaks, LeakWatch::leaked);
    }

    /// Sets the config that versions are loaded with before the first one is put in force.
    public void configure(GatewayConfig first) {
        config = first;
    }

    // --- 1. an artifact is there ---

    @Override
    public void appeared(Path source) {
        incomplete.remove(source);
        busy.incrementAndGet();
        work.execute(() -> {
            try {
                loads.acquire();
                try {
                    deploy(source);
                } finally {
                    loads.release();
                }
            } catch (InterruptedException e) {
                log.debug("stopped before {} was deployed", source);
            } catch (RuntimeException | Error e) {
                log.error("deploying {} failed inside the gateway", source, e);
                fail(source, null, null, "read", "the gateway failed on it: " + e);
            } finally {
                busy.decrementAndGet();
                changed();
            }
        });
    }

    private void deploy(Path source) {
        ModuleArtifact artifact = null;
        ModuleDescriptor descriptor = null;
        try {
            artifact = store.add(source);
            descriptor = descriptors.read(artifact);
            Deployment deployment = claim(source, artifact, descriptor);
            if (deployment != null) {
                bringUp(deployment, artifact, descriptor);
            }
        } catch (DeploymentFailed e) {
            fail(source, artifact, descriptor, e.stage(), e.getMessage());
        }
    }

    // --- 2. is it the only one of its version? ---

    private @Nullable Deployment claim(Path source, ModuleArtifact artifact, ModuleDescriptor descriptor) {
        synchronized (this) {
            Deployment before = entries.get(source);
            if (before != null && artifact.equals(before.artifact()) && !before.isOver()) {
                before.removed(false);
                return null;
            }
            for (Deployment other : all()) {
                if (!descriptor.key().equals(other.key()) || other.isOver()) {
                    continue;
                }
                if (artifact.equals(other.artifact())) {
                    // the same bytes under another name, or back in the folder
                    other.removed(false);
                    return null;
                }
                throw taken(other, descriptor.key(), artifact);
            }
            if (before != null && !before.isOver()) {
                leave(before);
            }
            Deployment deployment = new Deployment(source, artifact, descriptor);
            entries.put(source, deployment);
            return deployment;
        }
    }

    private static DeploymentFailed taken(Deployment other, ModuleKey key, ModuleArtifact artifact) {
        String digest =
                other.artifact() == null ? "other bytes" : other.artifact().shortDigest();
        return new DeploymentFailed(
                "read",
                "%s is already there from '%s' as %s, and this one has other bytes (%s). A version never changes: publish it under a new version"
                        .formatted(key, other.source().getFileName(), digest, artifact.shortDigest()));
    }

    // --- 3. load and warm up ---

    private void bringUp(Deployment deployment, ModuleArtifact artifact, ModuleDescriptor descriptor) {
        ModuleKey key = descriptor.key();
        try {
            Running running = start(deployment, artifact, descriptor, config.task(key.task()));
            synchronized (this) {
                deployment.running(running);
                parts.ledger().added(key);
                parts.modules().put(running.instance());
                parts.router().ready(key);
                deployment.state(new ModuleState.Ready(Instant.now()));
                log.info(
                        "{} is ready ({})",
                        running.instance(),
                        baseline(running.started().baseline()));
                if (deployment.isRemoved()) {
                    leave(deployment);
                }
            }
        } catch (DeploymentFailed e) {
            log.warn("{} failed in {}: {}", key, e.stage(), e.getMessage());
            log.debug("{}", key, e);
            synchronized (this) {
                deployment.state(new ModuleState.Failed(Instant.now(), e.stage(), e.getMessage()));
            }
        }
    }

    private Running start(
            Deployment deployment, ModuleArtifact artifact, ModuleDescriptor descriptor, TaskConfig section) {
        boolean first = !(deployment.state() instanceof ModuleState.Ready);
        ModuleKey key = descriptor.key();
        var order = new ModuleStarter.Order(artifact, descriptor, numbers.incrementAndGet(), section, stage -> {
            if (first) {
                deployment.state(
                        stage.equals("load")
                                ? new ModuleState.Loading(Instant.now())
                                : new ModuleState.Warming(Instant.now()));
                changed();
            }
        });
        ModuleStarter.Started started = starter.start(order);
        TaskLimits limits = section.limits();
        ModuleExecutor executor = new ModuleExecutor(
                started.callee(),
                new ExecutionLimits(
                        limits.concurrency(),
                        limits.queue(),
                        limits.timeout(),
                        limits.circuitFailures(),
                        limits.circuitRest()),
                parts.deadlines(),
                parts.tasks(),
                cause -> work.execute(() -> quarantine(deployment, cause)));
        return new Running(new ModuleInstance(key, order.number(), executor), started, section);
    }

    private static String baseline(Baseline baseline) {
        return baseline.calls() == 0
                ? "no baseline: it has no examples"
                : "p50 %.0f µs, p95 %.0f µs over %d calls"
                        .formatted(baseline.p50Micros(), baseline.p95Micros(), baseline.calls());
    }

    private void fail(
            Path source,
            @Nullable ModuleArtifact artifact,
            @Nullable ModuleDescriptor descriptor,
            String stage,
            String cause) {
        log.warn("{} failed in {}: {}", source.getFileName(), stage, cause);
        synchronized (this) {
            Deployment before = entries.get(source);
            if (before != null && !before.isOver()) {
                // what serves from here goes on serving; the folder's new content is an entry of its own
                entries.put(source.resolveSibling(source.getFileName() + " (serving)"), before);
            }
            entries.put(
                    source,
                    new Deployment(source, artifact, descriptor, new ModuleState.Failed(Instant.now(), stage, cause)));
        }
    }

    @Override
    public void incomplete(Path source, String why) {
        log.info("{} is not whole yet: {}", source.getFileName(), why);
        incomplete.put(source, why);
    }

    // --- 5. an artifact goes ---

    @Override
    public void disappeared(Path source) {
        incomplete.remove(source);
        synchronized (this) {
            Deployment deployment = entries.get(source);
            if (deployment != null) {
                leave(deployment);
            }
        }
        changed();
    }

    /// Takes a version out of service.
    ///
    /// @throws InferenceException `unknown-version`, or `conflict` if rules send calls to it, naming them
    public void retire(ModuleKey key) {
        synchronized (this) {
            Deployment deployment = find(key);
            if (deployment == null) {
                throw new InferenceException(
                        ErrorCode.UNKNOWN_VERSION,
                        "There is no version %s. Versions of '%s': %s"
                                .formatted(key, key.task(), versions(key.task())));
            }
            Collection<String> rules = routedBy(key);
            if (!rules.isEmpty()) {
                throw new InferenceException(
                        ErrorCode.CONFLICT,
                        "%s is still named by %s in inference.%s. Route its callers elsewhere first"
                                .formatted(key, String.join(", ", rules), key.task()));
            }
            leave(deployment);
        }
        changed();
    }

    /// Lets a deployment go now, or as soon as no rule names it.
    private void leave(Deployment deployment) {
        deployment.removed(true);
        ModuleKey key = deployment.key();
        switch (deployment.state()) {
            case ModuleState.Ready _ -> {
                if (key != null && routedBy(key).isEmpty()) {
                    parts.router().notReady(key);
                    deployment.state(new ModuleState.Draining(Instant.now()));
                    Running running = deployment.running().orElseThrow();
                    parts.modules().remove(running.instance());
                    work.execute(() -> retire(deployment, running));
                } else {
                    log.info(
                            "{} was removed from the folder; it goes on serving because {} name it",
                            key,
                            key == null ? "" : routedBy(key));
                }
            }
            case ModuleState.Failed _ -> {
                entries.values().remove(deployment);
            }
            default -> {}
        }
    }

    private void retire(Deployment deployment, Running running) {
        Duration patience = running.config().limits().drain();
        try {
            if (!retirement.drain(running, patience)) {
                String cause = "%d calls did not end within the drain time of %s; it is not torn down under them"
                        .formatted(running.instance().gate().inside(), Supervised.readable(patience));
                deployment.state(new ModuleState.Quarantined(Instant.now(), cause));
                log.warn("{} is quarantined: {}", running.instance(), cause);
                changed();
                retirement.drain(running, Duration.ofDays(365));
            }
            retirement.end(running);
            gone(deployment, running);
        } catch (InterruptedException e) {
            log.debug("stopped while {} was draining", running.instance());
        }
    }

    private void gone(Deployment deployment, Running running) {
        synchronized (this) {
            deployment.running(null);
            deployment.state(new ModuleState.Gone(Instant.now()));
            if (entries.values().remove(deployment)) {
                history.add(deployment);
                if (history.size() > REMEMBERED) {
                    history.removeFirst();
                }
            }
            ModuleKey key = running.instance().key();
            if (parts.modules().find(key).isEmpty()) {
                parts.ledger().removed(key);
            }
            ModuleArtifact artifact = deployment.artifact();
            if (artifact != null && all().stream().noneMatch(other -> artifact.equals(other.artifact()))) {
                store.remove(artifact);
            }
        }
        log.info("{} is gone", running.instance());
        changed();
    }

    /// Keeps calls away from a version whose calls cannot be ended, without touching what they use.
    private void quarantine(Deployment deployment, String cause) {
        Running running;
        synchronized (this) {
            if (!(deployment.state() instanceof ModuleState.Ready)) {
                return;
            }
            running = deployment.running().orElseThrow();
            parts.router().notReady(running.instance().key());
            parts.modules().remove(running.instance());
            deployment.state(new ModuleState.Quarantined(Instant.now(), cause));
        }
        log.error("{} is quarantined: {}", running.instance(), cause);
        changed();
        retire(deployment, running);
    }

    // --- config: what may be named, and new settings ---

    @Override
    public Set<String> versions(String task) {
        Set<String> versions = new TreeSet<>();
        synchronized (this) {
            for (Deployment deployment : all()) {
                ModuleKey key = deployment.key();
                if (key != null && key.task().equals(task)) {
                    versions.add(key.version());
                }
            }
        }
        return versions;
    }

    @Override
    public Progress progress(ModuleKey key) {
        synchronized (this) {
            Deployment deployment = find(key);
            if (deployment == null) {
                return new Progress.Unknown();
            }
            return switch (deployment.state()) {
                case ModuleState.Ready _ -> new Progress.Ready();
                case ModuleState.Discovered _, ModuleState.Loading _, ModuleState.Warming _ ->
                    new Progress.OnItsWay(deployment.state().label());
                case ModuleState.Failed failed ->
                    new Progress.Failed("it failed in " + failed.stage() + ": " + failed.cause());
                case ModuleState.Draining _, ModuleState.Gone _ -> new Progress.Failed("it is being retired");
                case ModuleState.Quarantined quarantined ->
                    new Progress.Failed("it is quarantined: " + quarantined.cause());
            };
        }
    }

    @Override
    public Prepared prepare(GatewayConfig next) {
        record Change(Deployment deployment, Running before, Running after) {}
        List<Change> changes = new ArrayList<>();
        try {
            for (Deployment deployment : ready()) {
                Running before = deployment.running().orElseThrow();
                ModuleKey key = before.instance().key();
                TaskConfig section = next.task(key.task());
                ModuleArtifact artifact = deployment.artifact();
                ModuleDescriptor descriptor = deployment.descriptor();
                if (artifact != null && descriptor != null && differs(key, before.config(), section)) {
                    changes.add(new Change(deployment, before, start(deployment, artifact, descriptor, section)));
                }
            }
        } catch (DeploymentFailed e) {
            changes.forEach(change -> retirement.end(change.after()));
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new Prepared() {
            @Override
            public void commit() {
                config = next;
                for (Change change : changes) {
                    synchronized (Deployer.this) {
                        change.deployment().running(change.after());
                        parts.modules().put(change.after().instance());
                    }
                    work.execute(() -> replace(change.before()));
                }
                work.execute(Deployer.this::leaveUnrouted);
            }

            @Override
            public void abandon() {
                changes.forEach(change -> retirement.end(change.after()));
            }
        };
    }

    private static boolean differs(ModuleKey key, TaskConfig before, TaskConfig after) {
        return !before.limits().equals(after.limits())
                || !before.settingsOf(key.version()).equals(after.settingsOf(key.version()))
                || !before.tenantSettingsOf(key.version()).equals(after.tenantSettingsOf(key.version()));
    }

    /// Ends an instance whose successor has taken over.
    private void replace(Running before) {
        try {
            if (!retirement.drain(before, before.config().limits().drain())) {
                log.warn("{} was replaced, but calls inside do not end; it stays until they do", before.instance());
                retirement.drain(before, Duration.ofDays(365));
            }
            retirement.end(before);
        } catch (InterruptedException e) {
            log.debug("stopped while {} was draining", before.instance());
        }
    }

    private synchronized void leaveUnrouted() {
        all().stream().filter(Deployment::isRemoved).toList().forEach(this::leave);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    // --- what there is ---

    /// Tells about every artifact, by task and version.
    public synchronized List<ModuleStatus> status() {
        List<ModuleStatus> all = new ArrayList<>();
        all().forEach(deployment -> all.add(status(deployment)));
        history.forEach(deployment -> all.add(status(deployment)));
        incomplete.forEach((source, why) -> all.add(new ModuleStatus(
                null,
                null,
                new ModuleState.Failed(Instant.now(), "copy", "not whole yet: " + why),
                source.getFileName().toString(),
                null,
                null,
                null,
                0,
                0,
                0,
                false,
                "none",
                false,
                List.of(),
                null,
                null)));
        all.sort(Comparator.comparing((ModuleStatus s) -> s.task() == null ? "" : s.task())
                .thenComparing(s -> s.version() == null ? "" : s.version())
                .thenComparing(ModuleStatus::source));
        return all;
    }

    private ModuleStatus status(Deployment deployment) {
        ModuleKey key = deployment.key();
        ModuleArtifact artifact = deployment.artifact();
        Running running = deployment.running().orElse(null);
        boolean gone = deployment.state() instanceof ModuleState.Gone;
        return new ModuleStatus(
                key == null ? null : key.task(),
                key == null ? null : key.version(),
                deployment.state(),
                deployment.source().getFileName().toString(),
                artifact == null ? null : artifact.digest(),
                deployment.descriptor(),
                running == null ? null : running.started().baseline(),
                running == null ? 0 : running.instance().gate().inside(),
                running == null ? 0 : running.instance().executor().waiting(),
                running == null ? 0 : running.instance().executor().stuckCalls(),
                running != null && running.instance().executor().isCircuitOpen(),
                gone ? "unloaded" : running == null ? "none" : "live",
                deployment.isRemoved(),
                key == null || gone ? List.of() : List.copyOf(routedBy(key)),
                running == null ? null : running.started().callee().codec().requestSchema(),
                running == null ? null : running.started().callee().codec().responseSchema());
    }

    /// Waits until nothing is on its way any more; for the start of a gateway.
    public boolean awaitSettled(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (busy.get() > 0) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }

    private Collection<String> routedBy(ModuleKey key) {
        return config.task(key.task()).routed().getOrDefault(key.version(), Set.of());
    }

    private synchronized List<Deployment> ready() {
        return all().stream()
                .filter(deployment -> deployment.state() instanceof ModuleState.Ready)
                .toList();
    }

    private Set<Deployment> all() {
        return new LinkedHashSet<>(entries.values());
    }

    /// Finds the entry that is a version, rather than one that only claims to be.
    private @Nullable Deployment find(ModuleKey key) {
        Deployment found = null;
        for (Deployment deployment : all()) {
            if (key.equals(deployment.key()) && (found == null || !deployment.isOver())) {
                found = deployment;
            }
        }
        return found;
    }

    /// Retires everything, without waiting longer than allowed for calls inside; for the end of a gateway.
    public void stop(Duration atMost) throws InterruptedException {
        work.shutdown();
        long end = System.nanoTime() + atMost.toNanos();
        for (Deployment deployment : ready()) {
            Running running = deployment.running().orElseThrow();
            parts.modules().remove(running.instance());
            if (retirement.drain(running, Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                retirement.end(running);
            } else {
                log.warn("{} still had calls inside when the gateway stopped", running.instance());
            }
        }
    }

    @Override
    public void close() {
        work.shutdownNow();
        leaks.close();
    }
}
