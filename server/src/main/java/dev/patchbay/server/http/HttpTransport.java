package dev.patchbay.server.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.threadchecker.BlockedThreadEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loops and the listeners on them: one listener for callers, one for operators.
public final class HttpTransport implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpTransport.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final int BLOCKED_MILLIS = 500;

    private final int loops = Runtime.getRuntime().availableProcessors();
    private final GatedTransport gates = new GatedTransport();
    private final LongAdder blocked = new LongAdder();
    private final AtomicInteger ephemeral = new AtomicInteger();
    private final List<HttpListener> listeners = new CopyOnWriteArrayList<>();
    private final Vertx vertx;

    private HttpTransport() {
        vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(loops)
                        .setBlockedThreadCheckInterval(BLOCKED_MILLIS)
                        .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                        .setMaxEventLoopExecuteTime(BLOCKED_MILLIS)
                        .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                        .setFileSystemOptions(new FileSystemOptions()
                                .setClassPathResolvingEnabled(false)
                                .setFileCachingEnabled(false)))
                .withTransport(gates)
                .build();
        ((VertxInternal) vertx).blockedThreadChecker().setThreadBlockedHandler(this::blocked);
    }

    public static HttpTransport start() {
        return new HttpTransport();
    }

    private void blocked(BlockedThreadEvent event) {
        blocked.increment();
        StackTraceElement[] stack = event.thread().getStackTrace();
        log.warn(
                "the event loop {} is blocked for {} ms, now in {}",
                event.thread().getName(),
                TimeUnit.NANOSECONDS.toMillis(event.duration()),
                stack.length == 0 ? "no code" : stack[0]);
        if (log.isDebugEnabled()) {
            Exception where = new Exception("what the thread is doing");
            where.setStackTrace(stack);
            log.debug("the event loop {}", event.thread().getName(), where);
        }
    }

    /// Begins to take requests.
    ///
    /// @throws IllegalStateException when the address cannot be bound
    public HttpListener listen(HttpSettings settings, Router router, Refusals refusals) {
        Listening listening = new Listening(settings, router, refusals);
        int port = settings.port() == 0 ? -ephemeral.incrementAndGet() : settings.port();
        gates.put(port, new AcceptGate(listening));
        List<HttpServer> servers = new CopyOnWriteArrayList<>();
        try {
            vertx.deployVerticle(
                            () -> new ServerLoop(settings, port, servers), new DeploymentOptions().setInstances(loops))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": " + cause.getMessage(), cause);
        }
        HttpListener listener = new HttpListener(listening, servers);
        listeners.add(listener);
        return listener;
    }

    /// How often an event loop was found blocked. More than zero is a mistake in a handler.
    public long blockedEventLoops() {
        return blocked.sum();
    }

    /// Leaves in two steps and returns when all is closed.
    ///
    /// First every answer on HTTP/1 closes its connection while new ones are still taken, until for a third of
    /// `phaseOne` none was opened, or `phaseOne` is over: time for a load balancer that looks at readiness, which
    /// is to be withdrawn before. Then nothing new is taken, HTTP/2 clients are told to go, and what is under
    /// way has `grace` to complete.
    public void close(Duration phaseOne, Duration grace) throws InterruptedException {
        listeners.forEach(listener -> listener.listening().drain());
        long start = System.nanoTime();
        long quiet = phaseOne.toNanos() / 3;
        while (System.nanoTime() - start < phaseOne.toNanos() && !quietSince(start, quiet)) {
            Thread.sleep(LOOK_AGAIN);
        }
        List<Future<Void>> closing = new ArrayList<>();
        for (HttpListener listener : listeners) {
            for (HttpServer server : listener.servers()) {
                closing.add(server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS));
            }
        }
        Future.join(closing)
                .eventually(vertx::close)
                .toCompletionStage()
                .toCompletableFuture()
                .handle((done, failure) -> done)
                .join();
    }

    private boolean quietSince(long start, long quiet) {
        return System.nanoTime() - start >= quiet
                && listeners.stream().allMatch(listener -> listener.listening().quietFor() >= quiet);
    }

    /// Closes at once, whatever is under way.
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
