package dev.patchbay.server.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
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
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a collector gets, read by the messages that OpenTelemetry publishes.
class OtlpExportTest {

    private static final String CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Queue<List<Span>> traces = new ConcurrentLinkedQueue<>();
    private final Queue<String> services = new ConcurrentLinkedQueue<>();
    private final Queue<List<Metric>> metrics = new ConcurrentLinkedQueue<>();
    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallLedger ledger = new CallLedger(meters, new ModuleRegistry());
    private HttpServer collector;
    private OtlpExport export;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestURI().getPath().endsWith("traces")) {
                ResourceSpans resource =
                        ExportTraceServiceRequest.parseFrom(body).getResourceSpans(0);
                services.add(String.valueOf(attribute(resource.getResource().getAttributesList(), "service.name")));
                traces.add(resource.getScopeSpans(0).getSpansList());
            } else {
                metrics.add(ExportMetricsServiceRequest.parseFrom(body)
                        .getResourceMetrics(0)
                        .getScopeMetrics(0)
                        .getMetricsList());
            }
            assertThat(exchange.getRequestHeaders().getFirst("content-type")).isEqualTo("application/x-protobuf");
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
                "OTEL_TRACES_SAMPLER_ARG",
                "1",
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
        assertThat(services).containsOnly("patchbay");
        List<Span> spans = traces.element();
        Span root = spans.getFirst();
        assertThat(hex(root.getTraceId())).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(hex(root.getParentSpanId())).isEqualTo("b7ad6b7169203331");
        assertThat(root.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(root.getName()).isEqualTo("inference score");
        assertThat(attribute(root.getAttributesList(), "patchbay.task.version")).isEqualTo("2.0.0");
        assertThat(attribute(root.getAttributesList(), "patchbay.experiment.id"))
                .isEqualTo("canary");
        assertThat(root.hasStatus()).isFalse();
        Span.Event event = root.getEvents(0);
        assertThat(event.getName()).isEqualTo("feature_flag.evaluation");
        assertThat(attribute(event.getAttributesList(), "feature_flag.key")).isEqualTo("score");
        assertThat(attribute(event.getAttributesList(), "feature_flag.result.variant"))
                .isEqualTo("2.0.0");
        assertThat(attribute(event.getAttributesList(), "feature_flag.result.reason"))
                .isEqualTo("split");
        assertThat(attribute(event.getAttributesList(), "feature_flag.context.id"))
                .isEqualTo("ff");

        assertThat(spans).hasSize(7);
        long begin = root.getStartTimeUnixNano();
        long end = root.getEndTimeUnixNano();
        assertThat(begin / 1e9).isCloseTo(System.currentTimeMillis() / 1e3, within(60.0));
        for (Span stage : spans.subList(1, 7)) {
            assertThat(stage.getTraceId()).isEqualTo(root.getTraceId());
            assertThat(stage.getParentSpanId()).isEqualTo(root.getSpanId());
            assertThat(hex(stage.getSpanId())).matches("[0-9a-f]{16}");
            assertThat(stage.getStartTimeUnixNano()).isBetween(begin, end);
            assertThat(stage.getEndTimeUnixNano()).isBetween(begin, end);
        }
        assertThat(spans.stream().map(Span::getSpanId)).doesNotHaveDuplicates();
        Span model = spans.get(4);
        assertThat(model.getName()).isEqualTo("model");
        assertThat(model.getEndTimeUnixNano() - model.getStartTimeUnixNano()).isEqualTo(300_000);
        assertThat(keys).containsOnly("secret");
    }

    @Test
    void onlyWhatIsNotTheCallersFaultIsAnError() {
        ledger.record(call(null, new Outcome.Failure(new InferenceException(ErrorCode.MODULE_FAILED, "it broke"))));
        ledger.record(call(null, new Outcome.Failure(new InferenceException(ErrorCode.INVALID_REQUEST, "no x"))));
        await().until(() -> !traces.isEmpty());
        List<Span> roots = traces.element().stream()
                .filter(span -> span.getParentSpanId().isEmpty())
                .toList();
        assertThat(attribute(roots.get(0).getAttributesList(), "error.type")).isEqualTo("module-failed");
        assertThat(roots.get(0).getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(attribute(roots.get(1).getAttributesList(), "error.type")).isEqualTo("invalid-request");
        assertThat(roots.get(1).hasStatus()).isFalse();
    }

    @Test
    void manyCallsAreSentBeforeTheSecondIsOver() {
        for (int i = 0; i < 20_000; i++) {
            ledger.record(call(CALLER, new Outcome.Answer(new byte[0])));
            if (i % 512 == 511) {
                int least = i - 2_048;
                await().until(() -> traces.stream().mapToInt(List::size).sum() / 7 >= least);
            }
        }
        await().until(() -> traces.stream().mapToInt(List::size).sum() == 20_000 * 7);
        assertThat(meters.get("patchbay.traces.dropped").counter().count()).isZero();
    }

    @Test
    void underLoadCallsGoOutInBatchesAndNotAsTheyCome() throws InterruptedException {
        int calls = 600;
        for (int i = 0; i < calls; i++) {
            ledger.record(call(CALLER, new Outcome.Answer(new byte[0])));
        }
        long end = System.nanoTime() + 500_000_000;
        for (; System.nanoTime() < end; calls++) {
            ledger.record(call(CALLER, new Outcome.Answer(new byte[0])));
            Thread.sleep(1);
        }
        int all = calls;
        await().until(() -> traces.stream().mapToInt(List::size).sum() == 7 * all);
        assertThat(traces).hasSizeLessThan(10);
    }

    @Test
    void aCallerThatDoesNotSampleIsNotTraced() {
        ledger.record(call(CALLER.replaceAll("01$", "00"), new Outcome.Answer(new byte[0])));
        ledger.record(call(CALLER, new Outcome.Answer(new byte[0])));
        await().until(() -> !traces.isEmpty());
        assertThat(traces.element()).hasSize(7);
    }

    @Test
    void metricsAreSumsHistogramsAndGauges() {
        for (int i = 0; i < 3; i++) {
            ledger.record(call(null, new Outcome.Answer(new byte[0])));
        }
        metrics.clear();
        await().until(() -> !metrics.isEmpty());
        List<Metric> list = metrics.element();
        Sum requests = metric(list, "patchbay.requests").getSum();
        assertThat(requests.getIsMonotonic()).isTrue();
        assertThat(requests.getAggregationTemporality())
                .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        NumberDataPoint ok = requests.getDataPointsList().stream()
                .filter(point -> "ok".equals(attribute(point.getAttributesList(), "outcome")))
                .findFirst()
                .orElseThrow();
        assertThat(ok.getAsDouble()).isEqualTo(3);
        Metric duration = metric(list, "patchbay.request.duration");
        assertThat(duration.getUnit()).isEqualTo("s");
        HistogramDataPoint point = duration.getHistogram().getDataPoints(0);
        assertThat(point.getCount()).isEqualTo(3);
        assertThat(point.getSum()).isCloseTo(3 * 0.0004, within(1e-6));
        assertThat(point.getBucketCountsList()).hasSize(point.getExplicitBoundsCount() + 1);
        assertThat(point.getBucketCountsList().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(3);
        // 400 µs lies above 200 µs, and not above 500 µs
        assertThat(point.getExplicitBounds(2)).isEqualTo(0.0005);
        assertThat(point.getBucketCounts(2)).isEqualTo(3);
        assertThat(metric(list, "patchbay.requests.in.flight").getGauge().getDataPointsCount())
                .isEqualTo(1);
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
        Map<String, String> misspelt =
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318", "OTEL_TRACES_SAMPLER", "always");
        assertThatThrownBy(() -> OtlpSettings.read(misspelt::get))
                .hasMessageStartingWith("OTEL_TRACES_SAMPLER is one of always_on,")
                .hasMessageEndingWith("but is 'always'");
    }

    @Test
    void samplersHaveTheNamesOfOpenTelemetry() {
        assertThat(sampling("", null)).isEqualTo(new OtlpSettings.Sampling(true, 0.1));
        assertThat(sampling("", "0.5")).isEqualTo(new OtlpSettings.Sampling(true, 0.5));
        assertThat(sampling("parentbased_traceidratio", null)).isEqualTo(new OtlpSettings.Sampling(true, 1));
        assertThat(sampling("traceidratio", "0.25")).isEqualTo(new OtlpSettings.Sampling(false, 0.25));
        assertThat(sampling("always_on", "0.25")).isEqualTo(new OtlpSettings.Sampling(false, 1));
        assertThat(sampling("parentbased_always_off", null)).isEqualTo(new OtlpSettings.Sampling(true, 0));
    }

    private static OtlpSettings.Sampling sampling(String sampler, @Nullable String ratio) {
        return OtlpSettings.read(name -> switch (name) {
                    case "OTEL_EXPORTER_OTLP_ENDPOINT" -> "http://localhost:4318";
                    case "OTEL_TRACES_SAMPLER" -> sampler;
                    case "OTEL_TRACES_SAMPLER_ARG" -> ratio;
                    default -> null;
                })
                .orElseThrow()
                .sampling();
    }

    private static CallRecord call(@Nullable String traceparent, Outcome outcome) {
        CallContext context =
                CallContext.incoming("r1", "acme", Duration.ofSeconds(1), TraceContext.from(traceparent, null));
        CallTimings timings = CallTimings.of(context.arrived(), 5_000, 20_000, 10_000, 300_000, 15_000, 8_000);
        Resolution resolution = new Resolution(
                "2.0.0", Reason.SPLIT, "canary", 7, List.of(), List.of(new Placement("canary", 255, true)), List.of());
        return new CallRecord(context, "score", resolution, outcome, timings, null, context.arrived() + 400_000);
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static Metric metric(List<Metric> list, String name) {
        return list.stream()
                .filter(metric -> metric.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + list));
    }

    private static @Nullable String attribute(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse(null);
    }
}
