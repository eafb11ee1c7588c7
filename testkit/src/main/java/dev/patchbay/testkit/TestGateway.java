package dev.patchbay.testkit;

import dev.patchbay.core.Gateway;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.access.RateLimits;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.MemoryRevisions;
import dev.patchbay.core.deploy.Deployer;
import dev.patchbay.core.deploy.ModelRuntimes;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.execution.Deadlines;
import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.EventLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A whole gateway in this process, without a network: the core that serves in production, put together as the
/// server does it. What passes here passes there.
///
/// Any number of threads may ask it; artifacts are deployed and retired by one thread at a time.
public final class TestGateway implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final Duration LONGEST_END = Duration.ofMinutes(2);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Router router = new Router();
    private final ModuleRegistry modules = new ModuleRegistry();
    private final Deadlines deadlines = new Deadlines();
    private final EventLog events = new EventLog(Clock.systemUTC());
    private final Path data;
    private final Gateway gateway;
    private final Deployer deployer;
    private final GatewayConfig config;
    /// Task → the version that was deployed last.
    private final Map<String, String> defaults = new HashMap<>();

    private TestGateway(Path data, String yaml) {
        this.data = data;
        CallLedger ledger = new CallLedger(meters, modules);
        gateway = new Gateway(
                new JsonReader(GatewayConfig.GatewayLimits.DEFAULT.jsonDepth()),
                new RateLimits(task -> router.table().rate(task)),
                router,
                modules,
                ledger);
        deployer = new Deployer(
                new Deployer.Parts(
                        modules,
                        router,
                        ledger,
                        deadlines,
                        gateway,
                        ModelRuntimes.installed(),
                        meters,
                        events,
                        Clock.systemUTC()),
                data);
        config = yaml.isBlank()
                ? GatewayConfig.EMPTY
                : new ConfigControl(new MemoryRevisions(), deployer.catalog(), router::activate, Clock.systemUTC())
                        .read(yaml);
    }

    /// Starts a gateway without modules.
    public static TestGateway start() {
        return start("");
    }

    /// Starts a gateway without modules.
    ///
    /// @param yaml a `patchbay.yaml` whose module settings, attributes and limits hold; its routes do not: each
    ///     task is answered by the version that was deployed last
    public static TestGateway start(String yaml) {
        try {
            return new TestGateway(Files.createTempDirectory("patchbay-test-"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deploys an artifact and waits until it is ready.
    ///
    /// @param artifact a jar, a zip or a folder with the content of one
    /// @throws ModuleNotReady if it does not get there; the message says in which stage and why
    public RunningModule deploy(Path artifact) throws InterruptedException {
        Path source = artifact.toAbsolutePath().normalize();
        if (!Files.exists(source)) {
            throw new ModuleNotReady("read", "there is no file or folder " + artifact);
        }
        deployer.configure(TestConfig.forLoading(config, ArtifactFiles.task(source)));
        deployer.appeared(source);
        if (!deployer.awaitSettled(LONGEST_START)) {
            throw new ModuleNotReady("load", "it is not ready after " + LONGEST_START.toMinutes() + " minutes");
        }
        ModuleStatus status = statusOf(source);
        if (status.state() instanceof ModuleState.Failed failed) {
            deployer.disappeared(source);
            throw new ModuleNotReady(failed.stage(), failed.cause());
        }
        if (status.key() == null || status.descriptor() == null || status.live() == null) {
            throw new ModuleNotReady("load", "it is " + status.state().label());
        }
        defaults.put(status.key().task(), status.key().version());
        router.activate(defaults.size(), TestConfig.forRouting(config, defaults));
        return new RunningModule(this, source, status.key(), status.descriptor(), status.live());
    }

    private ModuleStatus statusOf(Path source) {
        String name = source.getFileName().toString();
        return deployer.status().stream()
                .filter(status -> status.source().equals(name))
                .max(Comparator.comparing(status -> status.state().since()))
                .orElseThrow(() -> new ModuleNotReady("read", name + " was not seen by the gateway"));
    }

    /// Takes a module out of service and waits until it is torn down.
    ///
    /// @throws IllegalStateException if calls inside it did not end
    public void retire(RunningModule module) throws InterruptedException {
        deployer.disappeared(module.artifact());
        long end = System.nanoTime() + LONGEST_END.toNanos();
        while (deployer.status().stream()
                .anyMatch(
                        status -> module.key().equals(status.key()) && !(status.state() instanceof ModuleState.Gone))) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(module.key() + " was not torn down within " + LONGEST_END.toMinutes()
                        + " minutes: calls inside it do not end");
            }
            Thread.sleep(2);
        }
    }

    /// Sends a request on its way, as a transport does. The future never fails.
    CompletableFuture<Reply> send(InferenceRequest request) {
        return gateway.infer(request).thenApply(reply -> Reply.of(reply.record()));
    }

    Reply ask(InferenceRequest request) throws InterruptedException {
        try {
            return send(request).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reply never fails", e);
        }
    }

    /// Gives the class loader of a running module.
    ClassLoader loaderOf(ModuleKey key) {
        ModuleInstance instance =
                modules.find(key).orElseThrow(() -> new IllegalStateException(key + " is not running any more"));
        return instance.executor().callee().loader();
    }

    /// Gives the watch over the class loaders of retired modules.
    public LeakWatch leaks() {
        return deployer.leaks();
    }

    /// Lists what an operator would have been told so far, such as `teardown-failed`.
    public List<EventLog.Event> events() {
        return events.since(0);
    }

    /// Lists what is known about each artifact that was deployed here.
    public List<ModuleStatus> status() {
        return deployer.status();
    }

    @Override
    public void close() {
        try {
            deployer.stop(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deployer.close();
        deadlines.close();
        meters.close();
        ArtifactFiles.deleteAll(data);
    }
}
