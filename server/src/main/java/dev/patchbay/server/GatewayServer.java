package dev.patchbay.server;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.config.ConfigParser;
import dev.patchbay.core.config.FileConfigSource;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.deploy.FolderSource;
import dev.patchbay.core.deploy.ModelRuntimes;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.VersionOrder;
import dev.patchbay.server.answer.ProblemRefusals;
import dev.patchbay.server.http.ConnectionLimits;
import dev.patchbay.server.http.HttpListener;
import dev.patchbay.server.http.HttpSettings;
import dev.patchbay.server.http.HttpTransport;
import dev.patchbay.server.http.RequestLimits;
import dev.patchbay.server.http.Router;
import dev.patchbay.server.otlp.OtlpExport;
import dev.patchbay.server.otlp.OtlpSettings;
import dev.patchbay.server.sink.MetricsFeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway in this process, from its start to its end.
public final class GatewayServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GatewayServer.class);
    private static final Duration FIRST_LOADS = Duration.ofMinutes(2);
    private static final Duration CONNECTIONS_LEAVE = Duration.ofMillis(1500);
    private static final Duration CALLS_END = Duration.ofSeconds(30);
    private static final int UPLOAD_BYTES = 256 << 20;

    private final AtomicReference<Wiring.Phase> phase = new AtomicReference<>(Wiring.Phase.STARTING);
    private final Wiring wiring;
    private final FolderSource modules;
    private final FileConfigSource configFile;
    private final HttpTransport transport;
    private final HttpListener callers;
    private final HttpListener operators;
    private final @Nullable Path temporary;
    private final @Nullable OtlpExport otlp;
    private final @Nullable DirectoryLock lock;
    private final List<MetricsFeed> feeds;

    /// Starts a gateway and returns when it serves: config read, versions loaded as far as they can be, ports open.
    ///
    /// @throws ConfigInvalid if the config file is wrong and nothing was ever in force
    /// @throws IOException if the folder cannot be read, or the data directory belongs to another gateway
    /// @throws IllegalStateException if a port cannot be bound
    public static GatewayServer start(ServeOptions options) throws IOException, InterruptedException {
        Path kept = options.data();
        DirectoryLock lock = kept == null ? null : DirectoryLock.take(kept);
        Path temporary = kept == null ? Files.createTempDirectory("patchbay-") : null;
        try {
            return new GatewayServer(options, lock, temporary);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            if (temporary != null) {
                delete(temporary);
            }
            release(lock);
            throw e;
        }
    }

    private GatewayServer(ServeOptions options, @Nullable DirectoryLock lock, @Nullable Path temporary)
            throws IOException, InterruptedException {
        this.lock = lock;
        this.temporary = temporary;
        Optional<OtlpSettings> collector = OtlpSettings.read(System::getenv);
        configFile = new FileConfigSource(options.configFile());
        String text;
        try {
            text = configFile.read();
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "%s is not there; a gateway serves a folder with patchbay.yaml and modules/"
                            .formatted(options.configFile()),
                    e);
        }
        Path kept = options.data();
        Path data = kept == null ? Objects.requireNonNull(temporary) : kept;
        ModelRuntimes runtimes = ModelRuntimes.installed();
        if (kept != null) {
            runtimes.keepIn(kept);
        }
        GatewayConfig first = first(text, runtimes);
        GatewayConfig.GatewayLimits limits = first.limits();
        wiring = new Wiring(
                options,
                data,
                kept,
                phase,
                first,
                runtimes,
                collector
                        .<UnaryOperator<TraceContext>>map(settings -> settings.sampling()::decide)
                        .orElse(UnaryOperator.identity()));
        wiring.deployer.configure(wiring.config.read(text));

        modules = new FolderSource(options.modules());
        modules.start(wiring.deployer);
        if (!wiring.deployer.awaitSettled(FIRST_LOADS)) {
            log.warn("some versions are still loading; the gateway serves without them meanwhile");
        }
        wiring.config.start(text, options.author());
        configFile.watch(new FileConfigSource.Listener() {
            @Override
            public void saved(String content) {
                wiring.config.fileSaved(content, options.author());
            }

            @Override
            public void unreadable(String why) {
                wiring.config.fileUnreadable(why, options.author());
            }
        });

        transport = HttpTransport.start();
        RequestLimits standard = RequestLimits.standard();
        RequestLimits forCalls = new RequestLimits(
                standard.lineBytes(), standard.headerBytes(), limits.body(), standard.headTime(), standard.bodyTime());
        RequestLimits forUploads = new RequestLimits(
                standard.lineBytes(), standard.headerBytes(), UPLOAD_BYTES, standard.headTime(), Duration.ofMinutes(5));
        callers = transport.listen(
                new HttpSettings(options.host(), options.port(), forCalls, ConnectionLimits.standard()),
                new Router(wiring.publicRoutes),
                new ProblemRefusals());
        operators = transport.listen(
                new HttpSettings("127.0.0.1", options.adminPort(), forUploads, ConnectionLimits.standard()),
                new Router(wiring.adminRoutes),
                new ProblemRefusals());
        otlp = collector
                .map(settings -> new OtlpExport(settings, wiring.meters, Product.VERSION))
                .orElse(null);
        if (otlp != null) {
            wiring.ledger.observe(otlp);
            otlp.start();
        }
        feeds = MetricsFeed.of(
                wiring.runtimes.sinks(), System::getenv, wiring.meters, wiring::meters, Clock.systemUTC());
        feeds.forEach(MetricsFeed::start);
        wiring.rollouts.start();
        wiring.health.start();
        if (wiring.usageFile != null) {
            wiring.usageFile.start();
        }
        phase.set(Wiring.Phase.SERVING);
    }

    private static GatewayConfig first(String text, ModelRuntimes runtimes) {
        try {
            return ConfigParser.parse(text, runtimes.kindNames()).config();
        } catch (ConfigInvalid e) {
            return GatewayConfig.EMPTY;
        }
    }

    /// Gives the port callers come to.
    public int port() {
        return callers.port();
    }

    /// Gives the port operators come to.
    public int adminPort() {
        return operators.port();
    }

    /// Lists what is served, a line for each task.
    public List<String> summary() {
        return wiring.router.table().tasks().stream()
                .map(task -> task + "  "
                        + String.join(
                                ", ",
                                wiring.router.table().ready().getOrDefault(task, java.util.Set.of()).stream()
                                        .sorted(VersionOrder.OLD_TO_NEW)
                                        .toList()))
                .toList();
    }

    /// Ends the gateway without losing a call: readiness goes, connections are asked to leave while calls are
    /// still answered, then the listeners close and the calls inside end.
    @Override
    public void close() throws InterruptedException {
        if (phase.getAndSet(Wiring.Phase.STOPPING) == Wiring.Phase.STOPPING) {
            return;
        }
        log.info("stopping: no longer ready, waiting for connections to leave and calls to end");
        transport.close(CONNECTIONS_LEAVE, CALLS_END);
        wiring.rollouts.close();
        if (otlp != null) {
            otlp.close();
        }
        for (MetricsFeed feed : feeds) {
            feed.close();
        }
        wiring.health.close();
        if (wiring.usageFile != null) {
            wiring.usageFile.close();
        }
        configFile.close();
        modules.close();
        wiring.deployer.stop(CALLS_END);
        wiring.deployer.close();
        wiring.deadlines.close();
        wiring.flags.close();
        wiring.runtimes.close();
        wiring.gcPauses.close();
        if (temporary != null) {
            delete(temporary);
        }
        release(lock);
        log.info("stopped");
    }

    private static void release(@Nullable DirectoryLock lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            log.warn("the lock of the data directory could not be released: {}", e.toString());
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("{} could not be removed: {}", directory, e.toString());
        }
    }
}
