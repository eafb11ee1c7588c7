package dev.patchbay.metrics.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patchbay.api.runtime.MetricsSink.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.thirdparty.jackson.core.JsonParser;
import software.amazon.awssdk.thirdparty.jackson.core.JsonToken;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORFactory;

/// What is sent, read by a stand-in as the service reads it.
class CloudWatchSinkTest {

    private static final List<String> SETTINGS =
            List.of("aws.endpointUrl", "aws.region", "aws.accessKeyId", "aws.secretAccessKey");

    private final List<Map<String, Object>> taken = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final CloudWatchSink sink = new CloudWatchSink();
    private volatile int status = 200;
    private HttpServer service;

    @BeforeEach
    void standIn() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", this::take);
        service.start();
        System.setProperty(
                "aws.endpointUrl", "http://127.0.0.1:" + service.getAddress().getPort());
        System.setProperty("aws.region", "eu-central-1");
        System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
        System.setProperty("aws.secretAccessKey", "not-a-secret");
    }

    @AfterEach
    void end() {
        sink.close();
        service.stop(0);
        SETTINGS.forEach(System::clearProperty);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"))
                        ? new GZIPInputStream(exchange.getRequestBody())
                        : exchange.getRequestBody();
                JsonParser cbor = new CBORFactory().createParser(body)) {
            assertThat(exchange.getRequestURI().getPath()).endsWith("/operation/PutMetricData");
            authorizations.add(exchange.getRequestHeaders().getFirst("authorization"));
            cbor.nextToken();
            @SuppressWarnings("unchecked")
            Map<String, Object> request = (Map<String, Object>) value(cbor);
            taken.add(request);
            exchange.getResponseHeaders().set("smithy-protocol", "rpc-v2-cbor");
            exchange.getResponseHeaders().set("content-type", "application/cbor");
            exchange.sendResponseHeaders(status, 1);
            exchange.getResponseBody().write(0xa0);
        }
    }

    private static Object value(JsonParser cbor) throws IOException {
        switch (cbor.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (cbor.nextToken() != JsonToken.END_OBJECT) {
                    String name = cbor.currentName();
                    cbor.nextToken();
                    map.put(name, value(cbor));
                }
                return map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (cbor.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(cbor));
                }
                return list;
            }
            case VALUE_STRING -> {
                return cbor.getText();
            }
            default -> {
                return cbor.getDoubleValue();
            }
        }
    }

    private static @Nullable String environment(String name) {
        return name.equals("PATCHBAY_CLOUDWATCH_NAMESPACE") ? "Pets" : null;
    }

    @Test
    void aHistogramArrivesWithItsBucketsLabelsUnitAndTime() {
        assertThat(sink.start(CloudWatchSinkTest::environment)).isTrue();
        Instant at = Instant.parse("2026-03-02T09:00:00Z");
        sink.send(
                at,
                List.of(
                        new Sample(
                                "patchbay.request.duration",
                                Map.of("task", "score", "version", "3.0.0", "empty", ""),
                                "seconds",
                                Map.of(0.00015, 7.0)),
                        new Sample("patchbay.queue.depth", Map.of("task", "score"), "", Map.of(3.0, 1.0))));
        assertThat(taken).hasSize(1);
        assertThat(taken.getFirst().get("Namespace")).isEqualTo("Pets");
        List<?> data = data(taken.getFirst());
        Map<?, ?> first = (Map<?, ?>) data.getFirst();
        assertThat(first.get("MetricName")).isEqualTo("patchbay.request.duration");
        assertThat(first.get("Unit")).isEqualTo("Seconds");
        assertThat(first.get("Values")).isEqualTo(List.of(0.00015));
        assertThat(first.get("Counts")).isEqualTo(List.of(7.0));
        assertThat(first.get("Timestamp")).isEqualTo((double) at.getEpochSecond());
        assertThat((List<?>) first.get("Dimensions"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder(
                        Map.of("Name", "task", "Value", "score"), Map.of("Name", "version", "Value", "3.0.0"));
        assertThat(((Map<?, ?>) data.getLast()).get("Unit")).isEqualTo("None");
        assertThat(authorizations.getFirst())
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                .contains("/eu-central-1/monitoring/aws4_request");
    }

    private static List<?> data(Map<?, ?> request) {
        return (List<?>) Objects.requireNonNull(request.get("MetricData"));
    }

    @Test
    void manyMetricsGoInRequestsThatTheServiceTakes() {
        sink.start(CloudWatchSinkTest::environment);
        sink.send(
                Instant.now(),
                IntStream.range(0, 1_201)
                        .mapToObj(i ->
                                new Sample("patchbay.requests", Map.of("task", "t" + i), "count", Map.of(1.0, 1.0)))
                        .toList());
        assertThat(taken).extracting(request -> data(request).size()).containsExactly(500, 500, 201);
    }

    @Test
    void aServiceThatRefusesIsAFailureOfThatMinute() {
        sink.start(CloudWatchSinkTest::environment);
        status = 400;
        assertThatThrownBy(() -> sink.send(
                        Instant.now(), List.of(new Sample("patchbay.requests", Map.of(), "count", Map.of(1.0, 1.0)))))
                .isInstanceOf(RuntimeException.class);
        status = 200;
        sink.send(Instant.now(), List.of(new Sample("patchbay.requests", Map.of(), "count", Map.of(1.0, 1.0))));
        assertThat(taken).hasSize(2);
    }

    @Test
    void nothingIsSentUnlessTheEnvironmentNamesANamespace() {
        assertThat(sink.start(_ -> null)).isFalse();
        assertThatThrownBy(() -> sink.start(_ -> "AWS/Mine"))
                .hasMessage(
                        "PATCHBAY_CLOUDWATCH_NAMESPACE must have at most 255 characters and not begin with AWS/, but is"
                                + " 'AWS/Mine'");
    }
}
