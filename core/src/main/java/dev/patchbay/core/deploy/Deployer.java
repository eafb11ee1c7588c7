package dev.patchbay.core.deploy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.config.VersionCatalog;
import dev.patchbay.core.deploy.Deployment.Running;
import dev.patchbay.core.execution.Deadlines;
import dev.patchbay.core.execution.TaskCaller;
import dev.patchbay.core.leak.LeakWatch;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
/// 5. [#disappeared] or [#retire]: once no rule names the version, it gets no new calls, waits for those inside,
///    is torn down, and its loader must die
///
/// Each deployment fails alone: the entry says what failed and why, and nothing else changes. One that failed for want
/// of something outside the gateway is tried again.
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
    private final DeploymentEvents events;
    private final LeakWatch leaks;
    private final Retirement retirement;
    /// Changes of several entries at once are made under this object's monitor.
    private final Deployments deployments = new Deployments();
    private final ModuleReport report;
    private final VersionCatalog catalog;
    private final PublishedVersions published;
    private final ArtifactScan scan = new ArtifactScan();
    private final Map<Path, String> incomplete = new ConcurrentHashMap<>();
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
        this.retirement = new Retirement(leaks, events);
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
        Runnable kinds = parts.runtimes().prepare(next);
        kinds.run();
        config = next;
    }

    /// Puts a config in force that was prepared.
    void configure(GatewayConfig next, Runnable kinds) {
        kinds.run();
        config = next;
    }

    // --- 1. an artifact is there ---

    @Override
    public void appeared(Path source) {
        incomplete.remove(source);
        threads.load(() -> {
            try {
                deploy(source);
            } catch (RuntimeException | Error e) {
                log.error("deploying {} failed inside the gateway", source, e);
                fail(source, null, null, "read", "the gateway failed on it: " + e);
            } finally {
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
            published.check(descriptor.key(), artifact);
            List<Finding> findings = scan.findings(artifact.root(), artifact.libraries());
            RefusedHabits.check(findings, config.refusedHabits());
            Deployment deployment = claim(source, artifact, descriptor, findings);
            if (deployment != null) {
                bringUp(deployment, stage -> {
                    deployment.state(
                            stage.equals("load")
                                    ? new ModuleState.Loading(Instant.now())
                                    : new ModuleState.Warming(Instant.now()));
                    changed();
                });
            }
        } catch (DeploymentFailed e) {
            fail(source, artifact, descriptor, e.stage(), e.getMessage());
        } finally {
            if (artifact != null) {
                store.release(artifact);
            }
        }
    }

    private void fail(
            Path source,
            @Nullable ModuleArtifact artifact,
            @Nullable ModuleDescriptor descriptor,
            String stage,
            String cause) {
        log.warn("{} failed in {}: {}", source.getFileName(), stage, cause);
        if (descriptor == null) {
            events.unreadable(String.valueOf(source.getFileName()), stage, cause);
        } else {
            events.failed(descriptor.key(), stage, cause);
        }
        // what serves from the same place goes on serving; the folder's new content is an entry of its own
        deployments.add(
                new Deployment(source, artifact, descriptor, new ModuleState.Failed(Instant.now(), stage, cause)));
    }

    @Override
    public void incomplete(Path source, String why) {
        log.info("{} is not whole yet: {}", source.getFileName(), why);
        incomplete.put(source, why);
    }

    // --- 2. is it the only one of its version? ---

    /// @return null if it is here already
    private synchronized @Nullable Deployment claim(
            Path source, ModuleArtifact artifact, ModuleDescriptor descriptor, List<Finding> findings) {
        for (Deployment other : deployments.present()) {
            if (!descriptor.key().equals(other.key()) || other.isOver()) {
                continue;
            }
            if (artifact.equals(other.artifact())) {
                // the same bytes under another name, or back in the folder
                other.removed(false);
                if (other.state() instanceof ModuleState.Draining) {
                    other.returned(source);
                }
                return null;
            }
            throw taken(other, descriptor.key(), artifact);
        }
        deployments.from(source).forEach(this::leave);
        Deployment deployment = new Deployment(source, artifact, descriptor, findings);
        deployments.add(deployment);
        return deployment;
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

    /// @param stages told when a stage begins
    private void bringUp(Deployment deployment, Consumer<String> stages) {
        ModuleKey key = deployment.requireDescriptor().key();
        try {
            Running running = start(deployment, config.task(key.task()), stages);
            synchronized (this) {
                if (!deployments.isWanted(deployment)) {
                    // it had failed before, and was taken away or begun elsewhere while it was tried again
                    threads.execute(() -> drop(running));
                    return;
                }
                deployment.running(running);
                parts.ledger().added(key);
                parts.modules().put(running.instance());
                parts.ledger().spends(running.instance());
                parts.router().ready(key);
                published.published(key, deployment.requireArtifact());
                deployment.state(new ModuleState.Ready(Instant.now()));
                log.info(
                        "{} is ready ({})",
                        running.instance(),
                        running.started().baseline().words());
                if (deployment.failures() > 0) {
                    events.recovered(key, deployment.failures());
                }
                if (deployment.isRemoved()) {
                    leave(deployment);
                }
            }
        } catch (DeploymentFailed e) {
            failed(deployment, key, e);
        }
    }

    private void failed(Deployment deployment, ModuleKey key, DeploymentFailed failure) {
        boolean again = LoadBackOff.mayPass(failure);
        String cause = again ? failure.getMessage() + ". It is tried again from time to time" : failure.getMessage();
        int failures = deployment.failures() + 1;
        log.warn("{} failed in {}: {}", key, failure.stage(), cause);
        log.debug("{}", key, failure);
        if (failures == 1 || !again) {
            events.failed(key, failure.stage(), cause);
        }
        synchronized (this) {
            if (!deployments.isWanted(deployment)) {
                return;
            }
            deployment.failures(failures);
            deployment.state(new ModuleState.Failed(Instant.now(), failure.stage(), cause));
            if (deployment.isRemoved()) {
                deployments.forget(deployment);
                return;
            }
        }
        if (again) {
            threads.later(LoadBackOff.pause(failures), () -> tryAgain(deployment));
        }
    }

    /// Starts again what failed. It stays failed until it is ready: whoever waits for it need not see each try.
    private void tryAgain(Deployment deployment) {
        if (!deployments.isWanted(deployment)) {
            return;
        }
        try {
            bringUp(deployment, stage -> {});
        } catch (RuntimeException | Error e) {
            log.error("starting {} again failed inside the gateway", deployment.key(), e);
        }
        if (!(deployment.state() instanceof ModuleState.Failed)) {
            changed();
        }
    }

    Running start(Deployment deployment, TaskConfig section, Consumer<String> stages) {
        return starter.start(
                deployment.requireArtifact(),
                deployment.requireDescriptor(),
                section,
                stages,
                cause -> threads.execute(() -> quarantine(deployment, cause)));
    }

    // --- 5. an artifact goes ---

    @Override
    public void disappeared(Path source) {
        incomplete.remove(source);
        synchronized (this) {
            deployments.from(source).forEach(this::leave);
        }
        changed();
    }

    /// Takes a version out of service.
    ///
    /// @throws InferenceException `unknown-version`, or `conflict` if rules send calls to it, naming them
    public void retire(ModuleKey key) {
        synchronized (this) {
            Deployment deployment = deployments.find(key);
            if (deployment == null) {
                throw new InferenceException(
                        ErrorCode.UNKNOWN_VERSION,
                        "There is no version %s. Versions of '%s': %s"
                                .formatted(key, key.task(), deployments.versions(key.task())));
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

    /// Lets a deployment go now, or as soon as no rule names it. Under the monitor.
    private void leave(Deployment deployment) {
        deployment.removed(true);
        ModuleKey key = deployment.key();
        if (deployment.state() instanceof ModuleState.Failed) {
            deployments.forget(deployment);
        } else if (deployment.state() instanceof ModuleState.Ready && key != null) {
            Collection<String> rules = routedBy(key);
            if (!rules.isEmpty()) {
                log.info("{} was removed from the folder; it goes on serving because {} name it", key, rules);
                return;
            }
            deployment.state(new ModuleState.Draining(Instant.now()));
            Running running = takeOut(deployment);
            threads.execute(() -> end(deployment, running));
        }
    }

    /// Lets go what was removed from the folder and no rule names any more.
    void leaveUnrouted() {
        threads.execute(() -> {
            synchronized (this) {
                deployments.present().stream().filter(Deployment::isRemoved).forEach(this::leave);
            }
        });
    }

    /// Sends no new calls to a version; those inside go on. Under the monitor.
    private Running takeOut(Deployment deployment) {
        Running running = deployment.running().orElseThrow();
        parts.router().notReady(running.instance().key());
        parts.modules().remove(running.instance());
        return running;
    }

    private void end(Deployment deployment, Running running) {
        try {
            Duration patience = running.config().limits().drain();
            if (!retirement.drain(running, patience)) {
                if (!(deployment.state() instanceof ModuleState.Quarantined)) {
                    isolate(
                            deployment,
                            running,
                            "%d calls did not end within the drain time of %s; it is not torn down under them"
                                    .formatted(running.instance().gate().inside(), Supervised.readable(patience)));
                }
                retirement.drainHoweverLong(running);
            }
            deployment.freed(retirement.end(running));
            events.freed(running.instance(), deployment.freed());
            gone(deployment, running);
        } catch (InterruptedException e) {
            log.debug("stopped while {} was draining", running.instance());
        }
    }

    private void gone(Deployment deployment, Running running) {
        synchronized (this) {
            deployment.running(null);
            deployment.state(new ModuleState.Gone(Instant.now()));
            deployments.end(deployment);
            ModuleKey key = running.instance().key();
            if (parts.modules().find(key).isEmpty()) {
                parts.ledger().removed(key);
            }
            ModuleArtifact artifact = deployment.requireArtifact();
            if (!deployments.uses(artifact)) {
                store.remove(artifact);
            }
        }
        log.info("{} is gone", running.instance());
        changed();
        Path returned = deployment.returned();
        if (returned != null) {
            appeared(returned);
        }
    }

    /// Keeps calls away from a version whose calls cannot be ended, without touching what they use.
    private void quarantine(Deployment deployment, String cause) {
        Running running;
        synchronized (this) {
            if (!(deployment.state() instanceof ModuleState.Ready)) {
                return;
            }
            running = takeOut(deployment);
            isolate(deployment, running, cause);
        }
        end(deployment, running);
    }

    private void isolate(Deployment deployment, Running running, String cause) {
        deployment.state(new ModuleState.Quarantined(Instant.now(), cause));
        events.quarantined(running.instance(), cause);
        changed();
    }

    // --- new settings for a version that runs ---

    /// Lets an instance with new settings take over from the one before.
    void replace(Deployment deployment, Running before, Running after) {
        synchronized (this) {
            if (!(deployment.state() instanceof ModuleState.Ready)) {
                threads.execute(() -> drop(after));
                return;
            }
            deployment.running(after);
            parts.modules().put(after.instance());
        }
        threads.execute(() -> retirement.replace(before));
    }

    /// Ends an instance that never took over.
    void drop(Running running) {
        retirement.end(running);
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
        return report.status(incomplete);
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
        threads.close();
        leaks.close();
    }
}
