package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Modules whose model is served elsewhere: by another gateway over REST and gRPC, and by stand-ins that behave badly.
class RemoteTest {

    private static final String ROW = "{\"x\": [1.5, 2.5]}";
    private static final String METADATA = """
            {"name": "m", "platform": "p", "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 2]}],
             "outputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 2]}]}
            """;
    private static final String GOOD = """
            {"model_name": "m", "outputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1.5, 2.5]}]}
            """;

    @TempDir
    static Path folder;

    static RunningGateway upstream;
    static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new RunningGateway(folder.resolve("upstream"), """
                inference:
                  all: {default_version: 1.0.0}
                  row: {default_version: 1.0.0}
                  greeting: {default_version: 1.0.0}
                """)
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"));
        EchoRuntime.module(
                upstream.module("all-1.0.0"),
                "all",
                "1.0.0",
                Arrays.stream(dev.patchbay.api.TensorType.values())
                        .map(type -> type.name().toLowerCase(Locale.ROOT) + " " + type + " -1")
                        .toArray(String[]::new));
        EchoRuntime.module(upstream.module("row-1.0.0"), "row", "1.0.0", "x FP32 -1 2");
        EchoRuntime.module(upstream.module("row-2.0.0"), "row", "2.0.0", "x FP32 -1 2");
        upstream.start();
        gateway = new RunningGateway(folder.resolve("gateway"), "inference: {}").start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    private static void module(String task, String remote, String... files) throws Exception {
        Path made = Files.createDirectories(folder.resolve("made-" + task));
        Files.writeString(made.resolve("module.yaml"), """
                task: %s
                version: 1.0.0
                owner: tests
                remote: %s
                """.formatted(task, remote));
        for (int i = 0; i < files.length; i += 2) {
            Files.writeString(made.resolve(files[i]), files[i + 1]);
        }
        Files.move(made, gateway.module(task + "-1.0.0"));
    }

    private static JsonNode status(String task) throws Exception {
        for (JsonNode module : gateway.admin("modules").path("modules")) {
            if (module.path("source").asString("").endsWith(task + "-1.0.0")) {
                return module;
            }
        }
        return RunningGateway.JSON.createObjectNode();
    }

    private static void ready(String task) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            String state = status(task).path("state").asString("");
            assertThat(state).as(status(task).toString()).isNotEqualTo("failed");
            return state.equals("ready");
        });
    }

    private static String failure(String task) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> status(task).path("state").asString("").equals("failed")
                                ? status(task).toString()
                                : null,
                        java.util.Objects::nonNull);
    }

    private static HttpResponse<String> ask(String task, String body, String... headers) throws Exception {
        return gateway.post("/v1/inference/" + task + "/versions/1.0.0", body, headers);
    }

    private static String url(String scheme) {
        return scheme + "://127.0.0.1:" + upstream.server().port();
    }

    // --- the Open Inference Protocol, against our own ---

    @ParameterizedTest
    @CsvSource({"rest_json, http, false", "rest_binary, http, true", "rest_asks, http, ''", "grpc, grpc, ''"})
    void tensorsOfEveryTypeGoThereAndComeBack(String task, String scheme, String binary) throws Exception {
        module(
                task,
                "{url: \"%s\", model: all%s}".formatted(url(scheme), binary.isEmpty() ? "" : ", binary: " + binary));
        ready(task);
        String request = """
                {"inputs": [
                  {"name": "bool", "datatype": "BOOL", "shape": [2], "data": [true, false]},
                  {"name": "uint8", "datatype": "UINT8", "shape": [1], "data": [255]},
                  {"name": "uint16", "datatype": "UINT16", "shape": [1], "data": [65535]},
                  {"name": "uint32", "datatype": "UINT32", "shape": [1], "data": [4294967295]},
                  {"name": "uint64", "datatype": "UINT64", "shape": [1], "data": [18446744073709551615]},
                  {"name": "int8", "datatype": "INT8", "shape": [1], "data": [-128]},
                  {"name": "int16", "datatype": "INT16", "shape": [1], "data": [-32768]},
                  {"name": "int32", "datatype": "INT32", "shape": [1], "data": [-2147483648]},
                  {"name": "int64", "datatype": "INT64", "shape": [1], "data": [-9223372036854775808]},
                  {"name": "fp16", "datatype": "FP16", "shape": [1], "parameters": {"binary_data_size": 2}},
                  {"name": "bf16", "datatype": "BF16", "shape": [1], "parameters": {"binary_data_size": 2}},
                  {"name": "fp32", "datatype": "FP32", "shape": [3], "data": [0.1, -1.5, 3]},
                  {"name": "fp64", "datatype": "FP64", "shape": [1], "data": [0.1]},
                  {"name": "bytes", "datatype": "BYTES", "shape": [2], "data": ["größe", ""]}],
                 "outputs": [{"name": "bool"}, {"name": "uint8"}, {"name": "uint16"}, {"name": "uint32"},
                  {"name": "uint64"}, {"name": "int8"}, {"name": "int16"}, {"name": "int32"}, {"name": "int64"},
                  {"name": "fp32"}, {"name": "fp64"}, {"name": "bytes"}]}""";
        byte[] json = request.getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(json, json.length + 4);
        body[json.length + 1] = 0x3c;
        body[json.length + 3] = 0x3f;
        HttpResponse<String> answer = java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(
                                        java.net.URI.create("http://127.0.0.1:%d/v2/models/%s/versions/1.0.0/infer"
                                                .formatted(gateway.server().port(), task)))
                                .header("inference-header-content-length", Integer.toString(json.length))
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"data\":[true,false]")
                .contains("\"data\":[255]")
                .contains("\"data\":[65535]")
                .contains("\"data\":[4294967295]")
                .contains("\"data\":[18446744073709551615]")
                .contains("\"data\":[-128]")
                .contains("\"data\":[-32768]")
                .contains("\"data\":[-2147483648]")
                .contains("\"data\":[-9223372036854775808]")
                .contains("\"data\":[0.1,-1.5,3.0]")
                .contains("\"data\":[0.1]")
                .contains("\"data\":[\"größe\",\"\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void theModelOfTheServerIsTheSchemaAndItsFieldsAreMapped(String scheme) throws Exception {
        String task = "mapped_" + scheme;
        module(
                task,
                "{url: \"%s\", model: row, model_version: 2.0.0, input: {x: /features}, output: {x: /scores}, labels: {x: [cat, dog]}}"
                        .formatted(url(scheme)));
        ready(task);
        assertThat(ask(task, "{\"features\": [0.25, 0.75]}").body())
                .isEqualTo("{\"scores\":{\"label\":\"dog\",\"scores\":{\"cat\":0.25,\"dog\":0.75}}}");
        assertThat(ask(task, "{\"features\": [1]}").statusCode()).isEqualTo(422);
        assertThat(upstream.admin("usage").toString()).contains("\"2.0.0\"");
    }

    @ParameterizedTest
    @CsvSource({"http, no_such_rest, 404", "grpc, no_such_grpc, NOT_FOUND"})
    void aModelThatIsNotThereFailsTheVersionWithTheReason(String scheme, String task, String said) throws Exception {
        module(task, "{url: \"%s\", model: nothing, ready_within: 300ms}".formatted(url(scheme)));
        assertThat(failure(task))
                .contains("did not say within 300 ms (remote.ready_within) that model nothing is ready")
                .contains(
                        scheme.equals("grpc")
                                ? said
                                : "127.0.0.1:" + upstream.server().port());
    }

    // --- servers that behave badly ---

    private static StandIn.Script good(StandIn.Script infer) {
        return (request, in, out) -> {
            switch (request.path()) {
                case "/v2/models/m/ready" -> StandIn.json(out, 200, "");
                case "/v2/models/m" -> StandIn.json(out, 200, METADATA);
                case "/v2" -> StandIn.json(out, 200, "{\"name\": \"s\", \"version\": \"1\", \"extensions\": []}");
                default -> infer.answer(request, in, out);
            }
        };
    }

    private static void answer(java.io.OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 500 No;content-length: 28;;{"error":"stack trace: key"} | 502 | remote-failed | answers 500
            HTTP/1.1 503 No;content-length: 0;; | 502 | remote-failed | answers 503
            HTTP/1.1 401 No;content-length: 0;; | 502 | remote-failed | does not know us
            HTTP/1.1 404 No;content-length: 0;; | 502 | remote-failed | it has nothing at /v2/models/m/infer
            HTTP/1.1 429 No;retry-after: 7;content-length: 0;; | 503 | overloaded | more work than it can do
            HTTP/1.1 400 No;content-length: 20;;{"error":"too wild"} | 422 | invalid-request | does not take this request: too wild
            HTTP/1.1 302 Go;location: http://evil.example/?k=1;content-length: 0;; | 502 | remote-failed | sends elsewhere, to evil.example; redirects are not followed
            HTTP/1.1 200 OK;content-length: 9;;<html>hi! | 502 | remote-failed | no JSON
            HTTP/1.1 200 OK;content-length: 2;;{} | 502 | remote-failed | without the tensor 'x'
            HTTP/1.1 200 OK;content-length: 900;;{} | 502 | remote-failed | broke off
            this is no HTTP;; | 502 | remote-failed | broke off
            HTTP/1.1 200 OK;content-length: 99000000;; | 502 | remote-failed | more than 20000 bytes
            """)
    void whatAServerDoesWrongIsSaidWithoutItsWords(String reply, int status, String code, String words)
            throws Exception {
        try (StandIn server = new StandIn(good((request, in, out) -> {
            answer(out, reply.strip().replace(";", "\r\n"));
            if (reply.contains("99000000")) {
                byte[] much = new byte[10_000];
                for (int i = 0; i < 9900; i++) {
                    out.write(much);
                }
            }
            out.close();
        }))) {
            String task = "bad_" + Integer.toHexString(reply.hashCode());
            module(task, "{url: \"%s\", model: m, max_answer: 20000}".formatted(server.url()));
            ready(task);
            HttpResponse<String> answer = ask(task, ROW);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            JsonNode problem = RunningGateway.JSON.readTree(answer.body());
            assertThat(problem.path("code").asString("")).isEqualTo(code);
            assertThat(problem.path("detail").asString("")).contains(words).contains("127.0.0.1:");
            assertThat(answer.body()).doesNotContain("stack trace").doesNotContain("k=1");
        }
    }

    @Test
    void aCallThatBrokeOffIsMadeAgainOnceAndOnlyIfItMay() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (StandIn server = new StandIn(good((request, in, out) -> {
            if (calls.incrementAndGet() == 1) {
                out.close();
            } else {
                StandIn.json(out, 200, GOOD);
            }
        }))) {
            module("repeats", "{url: \"%s\", model: m}".formatted(server.url()));
            module("repeats_not", "{url: \"%s\", model: m, idempotent: false}".formatted(server.url()));
            ready("repeats");
            ready("repeats_not");
            assertThat(ask("repeats", ROW).body()).isEqualTo("{\"x\":[1.5,2.5]}");
            assertThat(calls).hasValue(2);
            calls.set(0);
            assertThat(ask("repeats_not", ROW).statusCode()).isEqualTo(502);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void aCallerThatGoesOrAMomentThatPassesEndsTheCallAtTheServer() throws Exception {
        CountDownLatch ended = new CountDownLatch(3);
        CountDownLatch begun = new CountDownLatch(1);
        try (StandIn server = new StandIn(good((request, in, out) -> {
            begun.countDown();
            while (in.read() >= 0) {}
            ended.countDown();
        }))) {
            module("slow", "{url: \"%s\", model: m}".formatted(server.url()));
            module("short", "{url: \"%s\", model: m, timeout: 150ms}".formatted(server.url()));
            ready("slow");
            ready("short");
            HttpResponse<String> late = ask("slow", ROW, "inference-timeout", "200ms");
            assertThat(late.statusCode()).isEqualTo(504);
            HttpResponse<String> own = ask("short", ROW);
            assertThat(own.statusCode()).isEqualTo(502);
            assertThat(own.body()).contains("did not answer within 150 ms, which remote.timeout of the module allows");
            begun.await(5, TimeUnit.SECONDS);
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    ask("slow", ROW);
                } catch (Exception e) {
                    // it left
                }
            });
            await().until(() -> server.seen().stream()
                            .filter(request -> request.path().endsWith("infer"))
                            .count()
                    == 3);
            caller.interrupt();
            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aServerIsWaitedForAndItsFailuresOpenTheCircuit() throws Exception {
        AtomicBoolean up = new AtomicBoolean();
        try (StandIn server = new StandIn((request, in, out) -> {
            if (!up.get()) {
                StandIn.json(out, 503, "{\"error\": \"loading\"}");
            } else {
                good((r, i, o) -> StandIn.json(o, 500, "")).answer(request, in, out);
            }
        })) {
            module("waits", "{url: \"%s\", model: m}".formatted(server.url()));
            await().until(() -> server.seen().size() >= 2);
            assertThat(status("waits").path("state").asString("")).isEqualTo("loading");
            up.set(true);
            ready("waits");
            for (int i = 0; i < 20; i++) {
                assertThat(ask("waits", ROW).statusCode()).isEqualTo(502);
            }
            assertThat(ask("waits", ROW).body()).contains("circuit-open");
        }
    }

    @Test
    void aServerThatWasAwayIsTriedAgainUntilItIsThere() throws Exception {
        int port;
        try (StandIn gone = new StandIn((request, in, out) -> {})) {
            port = gone.port();
        }
        module("away", "{url: \"http://127.0.0.1:%d\", model: m, ready_within: 200ms}".formatted(port));
        assertThat(failure("away")).contains("cannot be reached").contains("It is tried again from time to time");
        // for those who took it away, it is over
        module("taken", "{url: \"http://127.0.0.1:%d\", model: m, ready_within: 200ms}".formatted(port));
        failure("taken");
        SourceModule.remove(gateway.module("taken-1.0.0"));
        await().until(() -> status("taken").isEmpty());
        try (StandIn back = new StandIn(
                good((request, in, out) -> StandIn.json(out, 200, GOOD)),
                new ServerSocket(port, 50, InetAddress.getLoopbackAddress()))) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> status("away").path("state").asString("").equals("ready"));
            assertThat(ask("away", ROW).statusCode()).isEqualTo(200);
            assertThat(back.seen()).isNotEmpty();
        }
        List<String> told = new ArrayList<>();
        for (JsonNode event : gateway.admin("events").path("events")) {
            if (event.path("task").asString("").equals("away")) {
                told.add(event.path("kind").asString(""));
            }
        }
        assertThat(told).containsExactly("deployment-failed", "deployment-recovered");
        assertThat(status("taken").isEmpty()).isTrue();
    }

    @Test
    void connectionsAreKeptAndTheTraceGoesOn() throws Exception {
        try (StandIn server = new StandIn(good((request, in, out) -> StandIn.json(out, 200, GOOD)))) {
            module("kept", "{url: \"%s\", model: m, headers: {x-team: risk}}".formatted(server.url()));
            ready("kept");
            int before = server.connections();
            for (int i = 0; i < 50; i++) {
                assertThat(ask(
                                        "kept",
                                        ROW,
                                        "traceparent",
                                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                        "tracestate",
                                        "vendor=a1",
                                        "tracestate",
                                        "other=b2")
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(server.connections() - before).isLessThanOrEqualTo(1);
            StandIn.Request last = server.seen().getLast();
            assertThat(last.headers())
                    .hasEntrySatisfying(
                            "traceparent",
                            value -> assertThat(value).startsWith("00-0af7651916cd43dd8448eb211c80319c-"))
                    .containsEntry("tracestate", "vendor=a1,other=b2")
                    .containsEntry("x-team", "risk")
                    .containsKey("inference-timeout");
        }
    }

    // --- TensorFlow Serving ---

    @ParameterizedTest
    @ValueSource(strings = {"rows", "columns"})
    void tensorFlowServingIsAskedInItsFormats(String format) throws Exception {
        try (StandIn server = new StandIn((request, in, out) -> {
            switch (request.method() + request.path()) {
                case "GET/v1/models/half/versions/3" ->
                    StandIn.json(
                            out, 200, "{\"model_version_status\": [{\"version\": \"3\", \"state\": \"AVAILABLE\"}]}");
                case "GET/v1/models/half/versions/3/metadata" -> StandIn.json(out, 200, """
                            {"model_spec": {"name": "half"}, "metadata": {"signature_def": {"signature_def": {"scores": {
                              "inputs": {"x": {"dtype": "DT_FLOAT", "tensor_shape": {"dim": [{"size": "-1"}, {"size": "2"}], "unknown_rank": false}}},
                              "outputs": {"y": {"dtype": "DT_FLOAT", "tensor_shape": {"dim": [{"size": "-1"}, {"size": "1"}]}},
                                          "word": {"dtype": "DT_STRING", "tensor_shape": {"dim": [{"size": "-1"}]}}}}}}}}
                            """);
                case "POST/v1/models/half/versions/3:predict" ->
                    StandIn.json(
                            out,
                            200,
                            request.body().contains("\"instances\"")
                                    ? "{\"predictions\": [{\"y\": [2.75], \"word\": \"w\"}]}"
                                    : "{\"outputs\": {\"y\": [[2.75]], \"word\": [\"w\"]}}");
                default -> StandIn.json(out, 404, "{\"error\": \"no\"}");
            }
        })) {
            String task = "tf_" + format;
            module(
                    task,
                    "{protocol: tensorflow, url: \"%s\", model: half, model_version: \"3\", signature_name: scores, format: %s}"
                            .formatted(server.url(), format));
            ready(task);
            assertThat(ask(task, ROW).body()).isEqualTo("{\"y\":2.75,\"word\":\"w\"}");
            assertThat(server.seen().getLast().body())
                    .isEqualTo(
                            format.equals("rows")
                                    ? "{\"signature_name\":\"scores\",\"instances\":[{\"x\":[1.5,2.5]}]}"
                                    : "{\"signature_name\":\"scores\",\"inputs\":{\"x\":[[1.5,2.5]]}}");
        }
    }

    // --- JSON services ---

    @Test
    void aJsonServiceIsAskedByATemplateAndItsAnswerIsPickedApart() throws Exception {
        try (StandIn server = new StandIn((request, in, out) -> StandIn.json(
                out, 200, "{\"result\": [{\"p\": 0.75, \"l\": \"spam\"}], \"internal\": \"not for callers\"}"))) {
            module("spam", """

                      protocol: http
                      url: "%s/api"
                      path: /customers/{/customer/id}/score
                      query: {lang: $/lang, trace: "yes"}
                      request: {text: $/text, tags: [$/lang, $/missing], price: "$$5", whole: $}
                      response: {score: $/result/0/p, label: $/result/0/l, none: $/nothing}
                    """.formatted(server.url()));
            ready("spam");
            String request = "{\"customer\": {\"id\": \"a/b\"}, \"lang\": \"en\", \"text\": \"hi\"}";
            assertThat(ask("spam", request).body()).isEqualTo("{\"score\":0.75,\"label\":\"spam\"}");
            StandIn.Request seen = server.seen().getLast();
            assertThat(seen.path()).isEqualTo("/api/customers/a%2Fb/score?lang=en&trace=yes");
            assertThat(RunningGateway.JSON.readTree(seen.body()))
                    .isEqualTo(RunningGateway.JSON.readTree(
                            "{\"text\": \"hi\", \"tags\": [\"en\", null], \"price\": \"$5\", \"whole\": " + request
                                    + "}"));
            HttpResponse<String> refused = ask("spam", "{\"text\": \"hi\"}");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("/customer/id");
        }
    }

    @Test
    void theAnswerOfAServiceIsHeldToTheSchema() throws Exception {
        try (StandIn server = new StandIn((request, in, out) -> StandIn.json(out, 200, "{\"score\": \"high\"}"))) {
            module(
                    "typed",
                    "{protocol: http, url: \"%s\"}".formatted(server.url()),
                    "response.schema.json",
                    "{\"type\": \"object\", \"properties\": {\"score\": {\"type\": \"number\"}}}");
            ready("typed");
            assertThat(ask("typed", "{}").body()).contains("invalid-response").contains("/score");
        }
    }

    @Test
    void aSecretIsNamedInTheConfigOfTheGatewayAndNeverShown() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hush-hush\n");
        try (StandIn server =
                new StandIn((request, in, out) -> StandIn.json(out, 403, "{\"error\": \"bad hush-hush\"}"))) {
            String before = gateway.admin("revisions").toString();
            gateway.save("""
                    remote:
                      targets:
                        scores: {url: "%s", auth: {secret: "file:%s"}}
                    inference: {}
                    """.formatted(server.url(), secret));
            await().until(() -> !gateway.admin("revisions").toString().equals(before));
            module("keyed", "{protocol: http, target: scores}");
            ready("keyed");
            HttpResponse<String> answer = ask("keyed", "{}");
            assertThat(server.seen().getLast().headers()).containsEntry("authorization", "Bearer hush-hush");
            assertThat(answer.body())
                    .contains("The server scores (127.0.0.1:")
                    .contains("does not know us")
                    .doesNotContain("hush");
            module(
                    "told",
                    "{protocol: http, url: \"%s\", headers: {authorization: \"env:TOKEN\"}}".formatted(server.url()));
            assertThat(failure("told")).contains("a secret is named in patchbay.yaml");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {model: m} | remote.url: is missing
            {url: "ftp://x", model: m} | remote.url: must begin with http://
            {url: "http://u:p@x", model: m} | remote.url: has a user in it
            {url: "http://x"} | remote.model: is missing
            {url: "http://x", model: m, tiemout: 5s} | remote.tiemout: is no key here
            {url: "grpc://x", protocol: http} | remote.url: is of gRPC
            {url: "http://x", protocol: http, request: "$nothing"} | remote.request: '$nothing' is no place
            {target: nobody, model: m} | remote.target: there is no server 'nobody'
            """)
    void aSlipInModuleYamlIsNamed(String remote, String words) throws Exception {
        String task = "slip_" + Integer.toHexString(remote.hashCode());
        module(task, remote);
        assertThat(failure(task)).contains(words);
    }
}
