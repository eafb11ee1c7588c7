package dev.patchbay.core.deploy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.config.VersionCatalog;
import dev.patchbay.core.deploy.Arrivals.Arrival;
import dev.patchbay.core.deploy.Deployment.Running;
import dev.patchbay.core.execution.Deadlines;
import dev.patchbay.core.execution.TaskCaller;
import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.scan.ArtifactScan;
import dev.patchbay.core.scan.Finding;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
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
/// 5. [#disappeared] or [#retire]: once no rule names the version, its [Retirement] begins: it gets no new calls, waits
///    for those inside, is torn down, and its loader must die
///
/// Each deployment fails alone: the entry says what failed and why, and nothing else changes. One that failed for want
/// of something outside the gateway is tried again.
///
/// Several deployments are on their way at once. The monitor of [Deployments] guards which one is a version, its state,
/// and what calls find of it; code of modules, waiting and listeners are never inside it.
public final class Deployer implements ModuleSource.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Deployer.class);

    /// The parts of the gateway that a deployment changes.
    public record Parts(
            ModuleRegistry modules,
            Router router,
            CallLedger ledger,
            Deadlines deadlines,
            TaskCaller tasks,
            ModelRuntimes runtimes,
            MeterRegistry meters,
            EventLog events,
            Clock clock) {}

    private final Parts parts;
    private final ArtifactStore store;
    private final DescriptorReader descriptors;
    private final InstanceStarter starter;
    private final Serving serving;
    private final Retirement retirement;
    private final DeploymentEvents events;
    private final LeakWatch leaks;
    private final Deployments deployments = new Deployments();
    private final ModuleReport report;
    private final VersionCatalog catalog;
    private final PublishedVersions published;
    private final ArtifactScan scan = new ArtifactScan();
    private final Arrivals arrivals = new Arrivals();
    private final DeploymentThreads threads = new DeploymentThreads();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile GatewayConfig config = GatewayConfig.EMPTY;

    /// Makes a deployer.
    ///
    /// @param data where artifacts and temporary files of modules are kept
    public Deployer(Parts parts, Path data) {
        this.parts = parts;
        SharedThreads.start();
        this.events = new DeploymentEvents(parts.events(), DeploymentMeters.callsAfterTeardown(parts.meters()));
        this.leaks = LeakWatch.start(data.resolve("tmp"), events);
        this.serving = new Serving(parts.modules(), parts.router(), parts.ledger());
        this.retirement = new Retirement(serving, deployments, threads, events, leaks, this::quarantinedOrGone);
        this.report = new ModuleReport(deployments, leaks, this::routedBy);
        this.store = new ArtifactStore(data.resolve("artifacts"));
        this.descriptors = new DescriptorReader(parts.runtimes());
        var host = new HostContext.Host(
                parts.runtimes(), new SharedMeters(parts.meters()), parts.events(), parts.clock(), data.resolve("tmp"));
        this.starter = new InstanceStarter(
                new ModuleStarter(host, parts.tasks(), leaks), parts.deadlines(), parts.tasks(), events);
        this.catalog = new DeployedVersions(this, deployments, parts.runtimes());
        this.published = new PublishedVersions(data.resolve("artifacts").resolve("published.sha256"));
        DeploymentMeters.register(parts.meters(), deployments, leaks);
    }

    /// Sets the config that versions are loaded with from now on.
    ///
    /// @throws IllegalArgumentException if it does not hold together, naming the key; nothing has changed then
    public void configure(GatewayConfig next) {
        configure(next, parts.runtimes().prepare(next));
    }

    /// Puts a config in force whose module kinds were prepared.
    void configure(GatewayConfig next, Runnable kinds) {
        kinds.run();
        config = next;
    }

    // --- 1. an artifact is there ---

    @Override
    public void appeared(Path source) {
        Arrival arrival = arrivals.appeared(source);
        threads.load(() -> deploy(arrival));
    }

    @Override
    public void incomplete(Path source, String why) {
        log.info("{} is not whole yet: {}", source.getFileName(), why);
        arrivals.incomplete(source, why);
    }

    private void deploy(Arrival arrival) {
        ModuleArtifact artifact = null;
        ModuleDescriptor descriptor = null;
        try {
            if (arrivals.isOver(arrival)) {
                return;
            }
            artifact = store.add(arrival.source());
            descriptor = descriptors.read(artifact);
            published.check(descriptor.key(), artifact);
            List<Finding> findings = scan.findings(artifact.root(), artifact.libraries());
            RefusedHabits.check(findings, config.refusedHabits());
            Deployment deployment = claim(arrival, artifact, descriptor, findings);
            if (deployment != null) {
                bringUp(deployment, arrival);
            }
        } catch (DeploymentFailed e) {
            refused(arrival, artifact, descriptor, e.stage(), e.getMessage());
        } catch (RuntimeException | Error e) {
            log.error("deploying {} failed inside the gateway", arrival.source(), e);
            refused(arrival, artifact, descriptor, "read", "the gateway failed on it: " + e);
        } finally {
            if (artifact != null) {
                store.release(artifact);
                removeUnused(artifact);
            }
            changed();
        }
    }

    /// Enters what did not become a version.
    private void refused(
            Arrival arrival,
            @Nullable ModuleArtifact artifact,
            @Nullable ModuleDescriptor descriptor,
            String stage,
            String cause) {
        synchronized (deployments) {
            if (arrivals.isOver(arrival)) {
                return;
            }
            // what serves from the same place goes on serving; the folder's new content is an entry of its own
            deployments.refused(new Deployment(
                    arrival.source(), artifact, descriptor, new ModuleState.Failed(Instant.now(), stage, cause)));
        }
        log.warn("{} failed in {}: {}", arrival.name(), stage, cause);
        if (descriptor == null) {
            events.unreadable(arrival.name(), stage, cause);
        } else {
            events.failed(descriptor.key(), stage, cause);
        }
    }

    private void removeUnused(ModuleArtifact artifact) {
        synchronized (deployments) {
            if (!deployments.uses(artifact)) {
                store.remove(artifact);
            }
        }
    }

    // --- 2. is it the only one of its version? ---

    /// @return null if it is here already, or is not in the folder any more
    private @Nullable Deployment claim(
            Arrival arrival, ModuleArtifact artifact, ModuleDescriptor descriptor, List<Finding> findings) {
        synchronized (deployments) {
            if (arrivals.isOver(arrival)) {
                return null;
            }
            Deployment there = deployments.owner(descriptor.key(), artifact);
            Deployment claimed =
                    there == null ? new Deployment(arrival.source(), artifact, descriptor, findings) : there;
            deployments.enter(claimed, arrival.source()).forEach(this::leaveIfRemoved);
            return there == null ? claimed : null;
        }
    }

    // --- 3. load and warm up ---

    private void bringUp(Deployment deployment, Arrival arrival) {
        ModuleKey key = deployment.requireDescriptor().key();
        Running running;
        try {
            running = start(deployment, config.task(key.task()), stage -> {
                deployment.state(
                        stage.equals("load")
                                ? new ModuleState.Loading(Instant.now())
                                : new ModuleState.Warming(Instant.now()));
                changed();
            });
        } catch (DeploymentFailed e) {
            loadFailed(deployment, arrival, key, e);
            return;
        } catch (RuntimeException | Error e) {
            log.error("loading {} failed inside the gateway", key, e);
            loadFailed(deployment, arrival, key, new DeploymentFailed("load", "the gateway failed on it: " + e, e));
            return;
        }
        synchronized (deployments) {
            deployment.running(running);
            serving.open(running.instance());
            published.published(key, deployment.requireArtifact());
            deployment.state(new ModuleState.Ready(Instant.now()));
            log.info(
                    "{} is ready ({})",
                    running.instance(),
                    running.started().baseline().words());
            events.ready(key, deployment.failures());
            leaveIfRemoved(deployment);
        }
        catchUp(deployment);
    }

    private void loadFailed(Deployment deployment, Arrival arrival, ModuleKey key, DeploymentFailed failure) {
        boolean mayPass = LoadBackOff.mayPass(failure);
        String cause = mayPass ? failure.getMessage() + ". It is tried again from time to time" : failure.getMessage();
        log.warn("{} failed in {}: {}", key, failure.stage(), cause);
        log.debug("{}", key, failure);
        if (deployment.failures() == 0 || !mayPass) {
            events.failed(key, failure.stage(), cause);
        }
        synchronized (deployments) {
            deployment.failures(deployment.failures() + 1);
            deployment.state(new ModuleState.Failed(Instant.now(), failure.stage(), cause));
            leaveIfRemoved(deployment);
        }
        if (mayPass) {
            // beside the two loads at a time: what waits for a server that is away must not keep others waiting
            threads.later(LoadBackOff.pause(deployment.failures()), () -> {
                if (deployments.has(deployment)) {
                    deploy(arrival);
                }
            });
        }
    }

    /// Loads and warms up an instance that nobody calls yet.
    ///
    /// @param stages told when a stage begins
    Running start(Deployment deployment, TaskConfig section, Consumer<String> stages) {
        return starter.start(
                deployment.requireArtifact(),
                deployment.requireDescriptor(),
                section,
                stages,
                (number, cause) -> threads.execute(() -> retirement.quarantine(deployment, number, cause)),
                (number, missing) -> reach(deployment, number, missing));
    }

    /// An instance misses something outside the gateway, or misses nothing.
    private void reach(Deployment deployment, int number, @Nullable String missing) {
        synchronized (deployments) {
            if (!deployment.runs(number)) {
                return;
            }
            ModuleInstance instance = deployment.running().orElseThrow().instance();
            if (missing != null && deployment.state() instanceof ModuleState.Ready) {
                deployment.state(new ModuleState.Unreachable(Instant.now(), missing));
                serving.passBy(instance);
                events.unreachable(instance, missing);
            } else if (missing == null && deployment.state() instanceof ModuleState.Unreachable) {
                deployment.state(new ModuleState.Ready(Instant.now()));
                serving.passNoMore(instance);
                events.reachable(instance);
            } else {
                return;
            }
        }
        threads.execute(this::changed);
    }

    // --- 5. an artifact goes ---

    @Override
    public void disappeared(Path source) {
        synchronized (deployments) {
            arrivals.disappeared(source);
            for (Deployment deployment : deployments.from(source)) {
                deployment.lostAt(source);
                leaveIfRemoved(deployment);
            }
        }
        changed();
    }

    /// Takes a version out of service.
    ///
    /// @throws InferenceException `unknown-version`, or `conflict` if rules send calls to it, naming them
    public void retire(ModuleKey key) {
        synchronized (deployments) {
            Deployment deployment = deployments.require(key);
            Collection<String> rules = routedBy(key);
            if (!rules.isEmpty()) {
                throw new InferenceException(
                        ErrorCode.CONFLICT,
                        "%s is still named by %s in inference.%s. Route its callers elsewhere first"
                                .formatted(key, String.join(", ", rules), key.task()));
            }
            deployment.remove();
            leaveIfRemoved(deployment);
        }
        changed();
    }

    /// Lets go what was removed from the folder and no rule names any more.
    void leaveUnrouted() {
        threads.execute(() -> {
            synchronized (deployments) {
                deployments.present().forEach(this::leaveIfRemoved);
            }
        });
    }

    /// Lets go what was removed, unless rules still name it. Asked again whenever one of the two may have changed.
    private void leaveIfRemoved(Deployment deployment) {
        if (!deployment.isRemoved()) {
            return;
        }
        switch (deployment.state()) {
            case ModuleState.Failed _ -> deployments.forget(deployment);
            case ModuleState.Ready _, ModuleState.Unreachable _ -> {
                ModuleKey key = deployment.requireDescriptor().key();
                Collection<String> rules = routedBy(key);
                if (rules.isEmpty()) {
                    retirement.begin(deployment);
                } else {
                    log.info("{} was removed from the folder; it goes on serving because {} name it", key, rules);
                }
            }
            case ModuleState.Discovered _, ModuleState.Loading _, ModuleState.Warming _ ->
                log.debug("{} was removed; it leaves when its load has ended", deployment.key());
            case ModuleState.Draining _, ModuleState.Quarantined _, ModuleState.Gone _ ->
                log.debug("{} is leaving already", deployment.key());
        }
    }

    /// Hears of a deployment that was quarantined or is gone.
    private void quarantinedOrGone(Deployment deployment) {
        changed();
        if (deployment.state() instanceof ModuleState.Gone) {
            removeUnused(deployment.requireArtifact());
            Path back = deployment.back();
            if (back != null) {
                appeared(back);
            }
        }
    }

    // --- new settings for versions that run: see SettingsChange ---

    /// Lets an instance with new settings take over from the one before, unless that does not serve any more.
    void replace(Deployment deployment, Running before, Running after) {
        synchronized (deployments) {
            if (!deployment.state().isLoaded() || !deployment.isRunning(before)) {
                threads.execute(() -> drop(after));
                return;
            }
            deployment.running(after);
            serving.replace(after.instance());
            reach(deployment, after.instance().number(), null);
        }
        retirement.replaced(before);
    }

    /// Gives a version the settings that came into force while it was loaded with others.
    void catchUp(Deployment deployment) {
        Running before = deployment.running().orElse(null);
        if (before == null || !deployment.state().isLoaded() || !SettingsChange.differs(before, config)) {
            return;
        }
        threads.load(() -> {
            try {
                TaskConfig section = config.task(before.instance().key().task());
                replace(deployment, before, start(deployment, section, stage -> {}));
                catchUp(deployment);
            } catch (DeploymentFailed e) {
                log.warn("{} keeps the settings that it was loaded with: {}", before.instance(), e.getMessage());
            } finally {
                changed();
            }
        });
    }

    /// Ends an instance that never took over.
    void drop(Running running) {
        retirement.tearDown(running);
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    // --- what there is ---

    /// Gives what config may name.
    public VersionCatalog catalog() {
        return catalog;
    }

    /// Tells about every artifact, by task and version.
    public List<ModuleStatus> status() {
        return report.status(arrivals.incomplete());
    }

    /// Gives the watch over the class loaders of retired versions.
    public LeakWatch leaks() {
        return leaks;
    }

    private Collection<String> routedBy(ModuleKey key) {
        return config.task(key.task()).routed().getOrDefault(key.version(), Set.of());
    }

    /// Waits until nothing is on its way any more; for the start of a gateway.
    public boolean awaitSettled(Duration atMost) throws InterruptedException {
        return threads.awaitLoads(atMost);
    }

    /// Retires everything, without waiting longer than allowed for calls inside; for the end of a gateway.
    public void stop(Duration atMost) throws InterruptedException {
        threads.stop();
        long end = System.nanoTime() + atMost.toNanos();
        for (Deployment deployment : deployments.ready()) {
            Running running = deployment.running().orElse(null);
            if (running == null) {
                continue;
            }
            serving.close(running.instance());
            if (retirement.drain(running, Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                retirement.tearDown(running);
            } else {
                log.warn("{} still had calls inside when the gateway stopped", running.instance());
            }
        }
        for (Running running : retirement.await(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
            log.warn("{} was not yet at its end when the gateway stopped", running.instance());
        }
    }

    @Override
    public void close() {
        threads.close();
        leaks.close();
    }
}
