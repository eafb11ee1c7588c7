package dev.patchbay.server.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.Placement;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.CallRecord;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a collector gets, read as OTLP's JSON says: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
class OtlpExportTest {

    private static final String CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Queue<JsonNode> traces = new ConcurrentLinkedQueue<>();
    private final Queue<JsonNode> metrics = new ConcurrentLinkedQueue<>();
    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallLedger ledger = new CallLedger(meters, new ModuleRegistry());
    private HttpServer collector;
    private OtlpExport export;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/", exchange -> {
            JsonNode body =
                    JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            (exchange.getRequestURI().getPath().endsWith("traces") ? traces : metrics).add(body);
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("api-key")));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        Map<String, String> environment = Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + collector.getAddress().getPort() + "/",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "api-key=secret",
                "OTEL_METRIC_EXPORT_INTERVAL",
                "200");
        export = new OtlpExport(OtlpSettings.read(environment::get).orElseThrow(), meters, "0.1.0");
        ledger.added(new ModuleKey("score", "2.0.0"));
        ledger.observe(export);
        export.start();
    }

    @AfterEach
    void stop() {
        export.close();
        collector.stop(0);
    }

    @Test
    void aCallIsASpanBelowItsCallersWithASpanForEachStage() {
        ledger.record(call(CALLER, new Outcome.Answer(new byte[0])));
        await().until(() -> !traces.isEmpty());
        JsonNode resource = traces.element().path("resourceSpans").get(0);
        assertThat(attribute(resource.path("resource"), "service.name")).isEqualTo("patchbay");
        JsonNode spans = resource.path("scopeSpans").get(0).path("spans");
        JsonNode root = spans.get(0);
        assertThat(root.path("traceId").asString()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(root.path("parentSpanId").asString()).isEqualTo("b7ad6b7169203331");
        assertThat(root.path("kind").asInt()).isEqualTo(2);
        assertThat(root.path("name").asString()).isEqualTo("inference score");
        assertThat(attribute(root, "patchbay.task.version")).isEqualTo("2.0.0");
        assertThat(attribute(root, "patchbay.experiment.id")).isEqualTo("canary");
        assertThat(root.has("status")).isFalse();
        JsonNode event = root.path("events").get(0);
        assertThat(event.path("name").asString()).isEqualTo("feature_flag.evaluation");
        assertThat(attribute(event, "feature_flag.key")).isEqualTo("score");
        assertThat(attribute(event, "feature_flag.result.variant")).isEqualTo("2.0.0");
        assertThat(attribute(event, "feature_flag.result.reason")).isEqualTo("split");
        assertThat(attribute(event, "feature_flag.context.id")).isEqualTo("ff");

        assertThat(spans).hasSize(7);
        long begin = nanos(root, "startTimeUnixNano");
        long end = nanos(root, "endTimeUnixNano");
        assertThat(begin / 1e9).isCloseTo(System.currentTimeMillis() / 1e3, within(60.0));
        for (JsonNode stage : spans) {
            if (stage != root) {
                assertThat(stage.path("parentSpanId").asString())
                        .isEqualTo(root.path("spanId").asString());
                assertThat(stage.path("spanId").asString()).matches("[0-9a-f]{16}");
                assertThat(nanos(stage, "startTimeUnixNano")).isBetween(begin, end);
                assertThat(nanos(stage, "endTimeUnixNano")).isBetween(begin, end);
            }
        }
        assertThat(spans.get(4).path("name").asString()).isEqualTo("model");
        assertThat(nanos(spans.get(4), "endTimeUnixNano") - nanos(spans.get(4), "startTimeUnixNano"))
                .isEqualTo(300_000);
        assertThat(keys).containsOnly("secret");
    }

    @Test
    void onlyWhatIsNotTheCallersFaultIsAnError() {
        ledger.record(call(null, new Outcome.Failure(new InferenceException(ErrorCode.MODULE_FAILED, "it broke"))));
        ledger.record(call(null, new Outcome.Failure(new InferenceException(ErrorCode.INVALID_REQUEST, "no x"))));
        await().until(() -> !traces.isEmpty());
        List<JsonNode> roots = traces.element()
                .path("resourceSpans")
                .get(0)
                .path("scopeSpans")
                .get(0)
                .path("spans")
                .valueStream()
                .filter(span -> !span.has("parentSpanId"))
                .toList();
        assertThat(attribute(roots.get(0), "error.type")).isEqualTo("module-failed");
        assertThat(roots.get(0).path("status").path("code").asInt()).isEqualTo(2);
        assertThat(attribute(roots.get(1), "error.type")).isEqualTo("invalid-request");
        assertThat(roots.get(1).has("status")).isFalse();
    }

    @Test
    void aCallerThatDoesNotSampleIsNotTraced() {
        ledger.record(call(CALLER.replaceAll("01$", "00"), new Outcome.Answer(new byte[0])));
        ledger.record(call(CALLER, new Outcome.Answer(new byte[0])));
        await().until(() -> !traces.isEmpty());
        assertThat(traces.element()
                        .path("resourceSpans")
                        .get(0)
                        .path("scopeSpans")
                        .get(0)
                        .path("spans"))
                .hasSize(7);
    }

    @Test
    void metricsAreSumsHistogramsAndGauges() {
        for (int i = 0; i < 3; i++) {
            ledger.record(call(null, new Outcome.Answer(new byte[0])));
        }
        metrics.clear();
        await().until(() -> !metrics.isEmpty());
        JsonNode list = metrics.element()
                .path("resourceMetrics")
                .get(0)
                .path("scopeMetrics")
                .get(0)
                .path("metrics");
        JsonNode requests = metric(list, "patchbay.requests").path("sum");
        assertThat(requests.path("isMonotonic").asBoolean()).isTrue();
        assertThat(requests.path("aggregationTemporality").asInt()).isEqualTo(2);
        JsonNode ok = requests.path("dataPoints")
                .valueStream()
                .filter(point -> "ok".equals(attribute(point, "outcome")))
                .findFirst()
                .orElseThrow();
        assertThat(ok.path("asDouble").asDouble()).isEqualTo(3);
        JsonNode duration = metric(list, "patchbay.request.duration");
        assertThat(duration.path("unit").asString()).isEqualTo("s");
        JsonNode point = duration.path("histogram").path("dataPoints").get(0);
        assertThat(point.path("count").asString()).isEqualTo("3");
        assertThat(point.path("sum").asDouble()).isCloseTo(3 * 0.0004, within(1e-6));
        assertThat(point.path("bucketCounts"))
                .hasSize(point.path("explicitBounds").size() + 1);
        assertThat(point.path("bucketCounts")
                        .valueStream()
                        .mapToLong(count -> Long.parseLong(count.asString()))
                        .sum())
                .isEqualTo(3);
        // 400 µs lies above 200 µs, and not above 500 µs
        assertThat(point.path("explicitBounds").get(2).asDouble()).isEqualTo(0.0005);
        assertThat(point.path("bucketCounts").get(2).asString()).isEqualTo("3");
        assertThat(metric(list, "patchbay.requests.in.flight").path("gauge").path("dataPoints"))
                .hasSize(1);
    }

    @Test
    void settingsThatAreWrongAreNamed() {
        assertThat(OtlpSettings.read(name -> null)).isEmpty();
        assertThatThrownBy(() -> OtlpSettings.read(name -> name.endsWith("ENDPOINT") ? "localhost:4317" : null))
                .hasMessage(
                        "OTEL_EXPORTER_OTLP_ENDPOINT is a URL such as http://localhost:4318, but is 'localhost:4317'");
        Map<String, String> environment =
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318", "OTEL_TRACES_SAMPLER_ARG", "half");
        assertThatThrownBy(() -> OtlpSettings.read(environment::get))
                .hasMessage("OTEL_TRACES_SAMPLER_ARG is a number, but is 'half'");
    }

    private static CallRecord call(@Nullable String traceparent, Outcome outcome) {
        CallContext context =
                CallContext.incoming("r1", "acme", Duration.ofSeconds(1), TraceContext.from(traceparent, null));
        CallTimings timings = CallTimings.of(context.arrived(), 5_000, 20_000, 10_000, 300_000, 15_000, 8_000);
        Resolution resolution = new Resolution(
                "2.0.0", Reason.SPLIT, "canary", 7, List.of(), List.of(new Placement("canary", 255, true)), List.of());
        return new CallRecord(context, "score", resolution, outcome, timings, null, context.arrived() + 400_000);
    }

    private static long nanos(JsonNode node, String field) {
        assertThat(node.path(field).isString()).as("64-bit numbers are text").isTrue();
        return Long.parseLong(node.path(field).asString());
    }

    private static JsonNode metric(JsonNode list, String name) {
        return list.valueStream()
                .filter(metric -> metric.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + list));
    }

    private static @Nullable String attribute(JsonNode owner, String key) {
        return owner.path("attributes")
                .valueStream()
                .filter(attribute -> attribute.path("key").asString().equals(key))
                .map(attribute -> attribute.path("value").path("stringValue").asString())
                .findFirst()
                .orElse(null);
    }
}
