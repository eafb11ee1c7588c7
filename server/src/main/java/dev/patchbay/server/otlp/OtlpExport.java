package dev.patchbay.server.otlp;

import dev.patchbay.core.telemetry.CallObserver;
import dev.patchbay.core.telemetry.CallRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Sends traces each second and metrics each interval. A collector that is slow or gone costs calls nothing: at most
/// [#WAITING] calls wait to be sent, and what is beyond is dropped and counted. Safe for threads.
public final class OtlpExport implements CallObserver, AutoCloseable {

    /// Calls that wait to be sent.
    public static final int WAITING = 4_096;

    private static final Logger log = LoggerFactory.getLogger(OtlpExport.class);
    private static final int BATCH = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final OtlpSettings settings;
    private final String version;
    private final String instance = UUID.randomUUID().toString();
    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final BlockingQueue<CallRecord> waiting = new ArrayBlockingQueue<>(WAITING);
    private final OtlpSpans spans;
    private final OtlpMetrics metrics;
    private final Counter dropped;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("patchbay-otlp").factory());
    private Instant complained = Instant.EPOCH;

    /// Makes an export that sends nothing before [#start].
    ///
    /// @param version of the product
    public OtlpExport(OtlpSettings settings, MeterRegistry meters, String version) {
        this.settings = settings;
        this.version = version;
        this.spans = new OtlpSpans(now() - System.nanoTime());
        this.metrics = new OtlpMetrics(meters, now());
        this.dropped = Counter.builder("patchbay.traces.dropped")
                .description("Calls that were not traced because the collector was too slow")
                .register(meters);
    }

    /// Sends from now on.
    public void start() {
        timer.scheduleWithFixedDelay(this::sendSpans, 1, 1, TimeUnit.SECONDS);
        long every = settings.interval().toMillis();
        timer.scheduleWithFixedDelay(this::sendMetrics, every, every, TimeUnit.MILLISECONDS);
    }

    @Override
    public void finished(CallRecord call) {
        if (sampled(call) && !waiting.offer(call)) {
            dropped.increment();
        }
    }

    /// The caller's decision holds; without one the trace id decides, the same for every service that asks it.
    private boolean sampled(CallRecord call) {
        var trace = call.context().trace();
        if (trace.parentId() != null) {
            return (Integer.parseInt(trace.flags(), 16) & 1) == 1;
        }
        long id = Long.parseUnsignedLong(trace.traceId(), 18, 32, 16);
        return id < settings.ratio() * (1L << 56);
    }

    private void sendSpans() {
        List<CallRecord> batch = new ArrayList<>(BATCH);
        while (waiting.drainTo(batch, BATCH) > 0) {
            var body = new ByteArrayOutputStream(BATCH * 2_048);
            try (JsonGenerator out = json.createGenerator(body)) {
                out.writeStartObject();
                out.writeArrayPropertyStart("resourceSpans");
                out.writeStartObject();
                out.writePOJOProperty("resource", OtlpMetrics.resource(settings.service(), version, instance));
                out.writeArrayPropertyStart("scopeSpans");
                out.writeStartObject();
                out.writePOJOProperty("scope", scope());
                out.writeArrayPropertyStart("spans");
                batch.forEach(call -> spans.write(call, out));
                out.writeEndArray();
                out.writeEndObject();
                out.writeEndArray();
                out.writeEndObject();
                out.writeEndArray();
                out.writeEndObject();
            }
            send("/v1/traces", body.toByteArray());
            batch.clear();
        }
    }

    private void sendMetrics() {
        ObjectNode root = json.createObjectNode();
        ObjectNode resource = root.putArray("resourceMetrics").addObject();
        resource.set("resource", OtlpMetrics.resource(settings.service(), version, instance));
        ObjectNode scope = resource.putArray("scopeMetrics").addObject();
        scope.set("scope", scope());
        metrics.write(now(), scope.putArray("metrics"));
        send("/v1/metrics", json.writeValueAsBytes(root));
    }

    private ObjectNode scope() {
        return json.createObjectNode().put("name", "dev.patchbay").put("version", version);
    }

    private void send(String path, byte[] body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            settings.endpoint().resolve(settings.endpoint().getPath() + path))
                    .timeout(PATIENCE)
                    .header("content-type", "application/json")
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
            sendSpans();
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
