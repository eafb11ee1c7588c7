package dev.patchbay.core.deploy;

import dev.patchbay.api.Cache;
import dev.patchbay.api.Metrics;
import dev.patchbay.api.Model;
import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.telemetry.EventLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// What one module instance gets from the host, all of it on its ledger.
final class HostContext implements ModuleContext {

    /// What is the same for all modules.
    ///
    /// @param clock what modules read the time from
    record Host(ModelRuntimes runtimes, SharedMeters meters, EventLog events, Clock clock, Path temporary) {}

    /// Is told what an instance needs outside the gateway and does not find.
    @FunctionalInterface
    interface Reach {

        /// @param missing what is gone; null if all is there
        void told(@Nullable String missing);
    }

    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Duration CLIENT_ENDS = Duration.ofSeconds(2);

    private final Host host;
    private final ModuleKey key;
    private final ModuleArtifact artifact;
    private final ClassLoader loader;
    private final ResourceLedger ledger;
    private final @Nullable Record settings;
    private final Reach reach;
    private final ModuleMetrics metrics;
    private final EventPace<String> pace = new EventPace<>();
    private @Nullable HttpClient http;

    HostContext(
            Host host,
            ModuleKey key,
            ModuleArtifact artifact,
            ClassLoader loader,
            ResourceLedger ledger,
            @Nullable Record settings,
            Reach reach) {
        this.reach = reach;
        this.host = host;
        this.key = key;
        this.artifact = artifact;
        this.loader = loader;
        this.ledger = ledger;
        this.settings = settings;
        this.metrics = ledger.add("its metrics", new ModuleMetrics(host.meters(), key));
    }

    @Override
    public String task() {
        return key.task();
    }

    @Override
    public String version() {
        return key.version();
    }

    @Override
    public <C extends Record> C config(Class<C> type) {
        if (settings == null) {
            throw new IllegalArgumentException("%s takes no settings; name the record in @Module(config = %s.class)"
                    .formatted(key, type.getSimpleName()));
        }
        if (!type.isInstance(settings)) {
            throw new IllegalArgumentException("the settings of %s are a %s, not a %s"
                    .formatted(key, settings.getClass().getSimpleName(), type.getSimpleName()));
        }
        return type.cast(settings);
    }

    @Override
    public Model model(String file, ModelOptions options) {
        Path path = artifact.findModel(file)
                .orElseThrow(
                        () -> new IllegalArgumentException("the artifact of " + key + " has no file '" + file + "'"));
        return ledger.add("model " + file, new HeldModel(file, host.runtimes().open(file, path, options)));
    }

    @Override
    public InputStream open(String path) throws IOException {
        Path file = artifact.find(path)
                .orElseThrow(() -> new IOException("the artifact of " + key + " has no file '" + path + "'"));
        LentStream stream = new LentStream(Files.newInputStream(file));
        return ledger.lend("the stream of " + path, stream, () -> "closed the stream of " + path, stream::isClosed);
    }

    @Override
    public synchronized HttpClient http() {
        HttpClient known = http;
        if (known == null) {
            known = client("its HTTP client", HttpClient.newBuilder());
            http = known;
        }
        return known;
    }

    @Override
    public HttpClient http(SSLContext tls) {
        return client("its HTTP client with TLS", HttpClient.newBuilder().sslContext(tls));
    }

    private HttpClient client(String name, HttpClient.Builder builder) {
        DetachableExecutor executor = new DetachableExecutor(executor());
        HttpClient client =
                builder.connectTimeout(Duration.ofSeconds(5)).executor(executor).build();
        ledger.add(name, () -> {
            // close() would wait for exchanges that may never end
            client.shutdownNow();
            client.awaitTermination(CLIENT_ENDS);
            executor.detach();
        });
        return client;
    }

    @Override
    public void event(String kind, String message) {
        if (!KIND.matcher(kind).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no kind of event: a kind is lower-case words with hyphens, such as worker-lost"
                            .formatted(kind));
        }
        long more = pace.due(kind);
        if (more >= 0) {
            host.events().add(EventLog.Level.WARN, kind, key.task(), key.version(), message + EventPace.words(more));
        }
    }

    @Override
    public ExecutorService executor() {
        AtomicInteger running = new AtomicInteger();
        ThreadFactory factory = Thread.ofVirtual().name(key + "-executor-", 0).factory();
        ExecutorService executor =
                Executors.newThreadPerTaskExecutor(task -> factory.newThread(inLoader(task, running)));
        ledger.lend(
                "an executor",
                executor::shutdownNow,
                () -> left(running.get(), "still running in its executor"),
                executor::isTerminated);
        return executor;
    }

    @Override
    public ScheduledExecutorService scheduler() {
        ThreadFactory factory = Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name(key + "-scheduler-", 0)
                .factory();
        var scheduler =
                new ScheduledThreadPoolExecutor(1, task -> factory.newThread(inLoader(task, new AtomicInteger())));
        ledger.lend(
                "a scheduler",
                scheduler::shutdownNow,
                () -> left(scheduler.getQueue().size() + scheduler.getActiveCount(), "left in its scheduler"),
                scheduler::isTerminated);
        return scheduler;
    }

    @Override
    public void unreachable(String why) {
        reach.told(why);
    }

    @Override
    public void reachable() {
        reach.told(null);
    }

    private static String left(int tasks, String where) {
        return tasks == 0 ? "" : "ended %d %s %s".formatted(tasks, tasks == 1 ? "task" : "tasks", where);
    }

    private Runnable inLoader(Runnable task, AtomicInteger running) {
        return () -> {
            Thread.currentThread().setContextClassLoader(loader);
            running.incrementAndGet();
            try {
                task.run();
            } finally {
                running.decrementAndGet();
            }
        };
    }

    @Override
    public Clock clock() {
        return host.clock();
    }

    @Override
    public Metrics metrics() {
        return metrics;
    }

    @Override
    public <K, V> Cache<K, V> cache(String name, long maximumEntries, Duration timeToLive) {
        return ledger.add("cache " + name, new ModuleCache<K, V>(maximumEntries, timeToLive));
    }

    @Override
    public Path temporaryDirectory() throws IOException {
        Files.createDirectories(host.temporary());
        Path directory = Files.createTempDirectory(host.temporary(), key.task() + "-" + key.version() + "-");
        ledger.add("a temporary directory", () -> ArtifactStore.delete(directory));
        return directory;
    }

    @Override
    public System.Logger logger() {
        return new ModuleLogger(key);
    }

    @Override
    public <R extends AutoCloseable> R own(R resource) {
        return ledger.add(resource.getClass().getSimpleName(), resource);
    }
}
