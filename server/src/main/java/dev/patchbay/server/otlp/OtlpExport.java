package dev.patchbay.server.otlp;

import dev.patchbay.core.telemetry.CallObserver;
import dev.patchbay.core.telemetry.CallRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends traces each second, or when there are many, and metrics each interval, in protobuf over HTTP. A collector that
/// is slow or gone costs calls nothing: at most
/// [#WAITING] calls wait to be sent, and what is beyond is dropped and counted. Safe for threads.
public final class OtlpExport implements CallObserver, AutoCloseable {

    /// Calls that wait to be sent.
    public static final int WAITING = 4_096;

    private static final Logger log = LoggerFactory.getLogger(OtlpExport.class);
    private static final int BATCH = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final OtlpSettings settings;
    private final Resource resource;
    private final InstrumentationScope scope;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final BlockingQueue<CallRecord> waiting = new ArrayBlockingQueue<>(WAITING);
    private final OtlpSpans spans;
    private final OtlpMetrics metrics;
    private final Counter dropped;
    private final Sampler sampler;
    private final AtomicBoolean sending = new AtomicBoolean();
    /// What is asked of it after its end is not done.
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("patchbay-otlp").factory(), new ThreadPoolExecutor.DiscardPolicy());
    private Instant complained = Instant.EPOCH;

    /// Makes an export that sends nothing before [#start].
    ///
    /// @param version of the product
    public OtlpExport(OtlpSettings settings, MeterRegistry meters, String version) {
        this.settings = settings;
        this.resource = Resource.newBuilder()
                .addAttributes(Attributes.text("service.name", settings.service()))
                .addAttributes(Attributes.text("service.version", version))
                .addAttributes(
                        Attributes.text("service.instance.id", UUID.randomUUID().toString()))
                .build();
        this.scope = InstrumentationScope.newBuilder()
                .setName("dev.patchbay")
                .setVersion(version)
                .build();
        this.sampler = new Sampler(settings.sampling());
        this.spans = new OtlpSpans(now() - System.nanoTime());
        this.metrics = new OtlpMetrics(meters, now());
        this.dropped = Counter.builder("patchbay.traces.dropped")
                .description("Calls that were not traced because the collector was too slow")
                .register(meters);
    }

    /// Sends from now on.
    public void start() {
        timer.scheduleWithFixedDelay(this::eachSecond, 1, 1, TimeUnit.SECONDS);
        long every = settings.interval().toMillis();
        timer.scheduleWithFixedDelay(this::sendMetrics, every, every, TimeUnit.MILLISECONDS);
    }

    @Override
    public void finished(CallRecord call) {
        if (!sampler.keeps(call)) {
            return;
        }
        if (!waiting.offer(call)) {
            dropped.increment();
        } else if (!sending.get() && waiting.size() >= BATCH && sending.compareAndSet(false, true)) {
            timer.execute(this::sendSpans);
        }
    }

    private void eachSecond() {
        sampler.slowest().forEach(waiting::offer);
        sendSpans();
    }

    /// Those that come while a batch is sent wait for the next one, or the next second: else under load a few would go
    /// out at a time, and a request costs many times what a span does.
    private void sendSpans() {
        sending.set(true);
        List<CallRecord> batch = new ArrayList<>(BATCH);
        boolean more = true;
        try {
            while (more && waiting.drainTo(batch, BATCH) > 0) {
                more = batch.size() == BATCH;
                ScopeSpans.Builder written = ScopeSpans.newBuilder().setScope(scope);
                batch.forEach(call -> spans.write(call, written));
                ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
                request.addResourceSpansBuilder().setResource(resource).addScopeSpans(written);
                send("/v1/traces", request.build().toByteArray());
                batch.clear();
            }
        } finally {
            sending.set(false);
        }
    }

    private void sendMetrics() {
        ScopeMetrics.Builder written = ScopeMetrics.newBuilder().setScope(scope);
        metrics.write(now(), written);
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        request.addResourceMetricsBuilder().setResource(resource).addScopeMetrics(written);
        send("/v1/metrics", request.build().toByteArray());
    }

    private void send(String path, byte[] body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            settings.endpoint().resolve(settings.endpoint().getPath() + path))
                    .timeout(PATIENCE)
                    .header("content-type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            settings.headers().forEach(request::header);
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                complain("answers " + answer.statusCode() + ": " + answer.body());
            }
        } catch (IOException e) {
            complain("does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("telemetry could not be written", e);
        }
    }

    /// A collector may be gone for hours; once a minute is enough to say so.
    private void complain(String what) {
        Instant at = Instant.now();
        if (Duration.between(complained, at).compareTo(QUIET) > 0) {
            complained = at;
            log.warn("the collector at {} {}; telemetry is dropped meanwhile", settings.endpoint(), what);
        }
    }

    private static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public void close() {
        timer.execute(() -> {
            eachSecond();
            sendMetrics();
        });
        timer.shutdown();
        try {
            if (!timer.awaitTermination(2, TimeUnit.SECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
