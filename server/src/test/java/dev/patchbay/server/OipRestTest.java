package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The Open Inference Protocol over REST: every path, every datatype, and what is refused.
class OipRestTest {

    @TempDir
    static Path folder;

    static RunningGateway gateway;
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("served"), """
                        inference:
                          all: {default_version: 1.0.0}
                          pair: {default_version: 1.0.0}
                          row: {default_version: 1.0.0}
                          greeting:
                            default_version: 1.0.0
                            experiments:
                              - {name: beta, tenants: [tenant_b], version: 2.0.0}
                              - {name: half, rollout: 100, unit: pet_id, match: {region: north}, version: 2.0.0}
                        """)
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"))
                .with("greeting-2.0.0", SourceModule.echo("greeting", "2.0.0"));
        EchoRuntime.module(
                gateway.module("all-1.0.0"),
                "all",
                "1.0.0",
                Arrays.stream(dev.patchbay.api.TensorType.values())
                        .map(type -> type.name().toLowerCase(java.util.Locale.ROOT) + " " + type + " -1")
                        .toArray(String[]::new));
        EchoRuntime.module(gateway.module("pair-1.0.0"), "pair", "1.0.0", "a FP32 -1 2", "b INT64 -1");
        EchoRuntime.module(gateway.module("pair-1.1.0-rc.1"), "pair", "1.1.0-rc.1", "a FP32 -1 2", "b INT64 -1");
        EchoRuntime.module(gateway.module("row-1.0.0"), "row", "1.0.0", "x FP32 -1 2");
        gateway.start();
    }

    @AfterAll
    static void stop() throws Exception {
        CLIENT.shutdownNow();
        gateway.close();
    }

    private static JsonNode json(String text) {
        return RunningGateway.JSON.readTree(text);
    }

    private static HttpResponse<String> infer(String model, String body, String... headers) throws Exception {
        return gateway.post("/v2/models/" + model + "/infer", body, headers);
    }

    private static HttpResponse<byte[]> binary(String model, byte[] body, String jsonLength) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + gateway.server().port() + "/v2/models/" + model + "/infer"))
                        .header("content-type", "application/octet-stream")
                        .header("inference-header-content-length", jsonLength)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] join(String json, byte[] raw) {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(head.length + raw.length).put(head).put(raw).array();
    }

    // --- paths ---

    @Test
    void serverAndModelsTellOfThemselves() throws Exception {
        assertThat(gateway.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
        assertThat(gateway.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
        for (String path : new String[] {"/v2", "/v2/"}) {
            JsonNode server = json(gateway.get(path).body());
            assertThat(server.path("name").asString()).isEqualTo("patchbay");
            assertThat(server.path("version").asString()).isEqualTo(Product.VERSION);
            assertThat(server.path("extensions").toString()).contains("\"binary_tensor_data\"");
        }
        assertThat(gateway.get("/v2/models").body()).isEqualTo("{\"models\":[\"all\",\"greeting\",\"pair\",\"row\"]}");
        assertThat(gateway.get("/v2/models/pair/ready").body()).isEqualTo("{\"name\":\"pair\",\"ready\":true}");
        assertThat(gateway.get("/v2/models/pair/versions/1.1.0-rc.1/ready").statusCode())
                .isEqualTo(200);
        JsonNode pair = json(gateway.get("/v2/models/pair").body());
        assertThat(pair.path("versions").toString()).isEqualTo("[\"1.0.0\",\"1.1.0-rc.1\"]");
        assertThat(pair.path("platform").asString()).isEqualTo("patchbay_echo");
        assertThat(pair.path("inputs").toString())
                .isEqualTo("[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[-1,2]},"
                        + "{\"name\":\"b\",\"datatype\":\"INT64\",\"shape\":[-1]}]");
        assertThat(pair.path("outputs")).isEqualTo(pair.path("inputs"));
        assertThat(pair.at("/properties/owner").asString()).isEqualTo("tests");
        JsonNode greeting =
                json(gateway.get("/v2/models/greeting/versions/2.0.0").body());
        assertThat(greeting.path("inputs").toString())
                .isEqualTo("[{\"name\":\"request\",\"datatype\":\"BYTES\",\"shape\":[1]}]");
        assertThat(greeting.at("/properties/schemas").asString()).isEqualTo("/v1/tasks/greeting/versions/2.0.0");
    }

    @Test
    void whatIsNotThereIsNamedInTheProtocolsShape() throws Exception {
        HttpResponse<String> model = gateway.get("/v2/models/pear");
        assertThat(model.statusCode()).isEqualTo(404);
        assertThat(model.body())
                .startsWith("{\"error\":\"There is no task 'pear'")
                .contains("pair");
        HttpResponse<String> version = gateway.get("/v2/models/pair/versions/9.9.9/ready");
        assertThat(version.statusCode()).isEqualTo(404);
        assertThat(version.body()).contains("no ready version '9.9.9'. Ready: 1.0.0, 1.1.0-rc.1");
        assertThat(infer("pear", "{\"inputs\": []}").statusCode()).isEqualTo(404);
        HttpResponse<String> nothing = gateway.get("/v2/nothing");
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(json(nothing.body()).path("error").asString()).contains("/v2/nothing");
        assertThat(json(gateway.get("/v2/models/pair/infer").body())
                        .path("error")
                        .asString())
                .contains("takes POST, not GET");
    }

    @Test
    void statisticsAreThoseOfTheMeters() throws Exception {
        JsonNode before = statistics("row/stats").get(0);
        long asked = System.currentTimeMillis();
        for (int i = 0; i < 3; i++) {
            assertThat(infer("row", ROW).statusCode()).isEqualTo(200);
        }
        assertThat(infer("row", "{\"inputs\": []}").statusCode()).isEqualTo(400);
        JsonNode after = statistics("row/versions/1.0.0/stats").get(0);
        assertThat(after.path("name").asString() + "@" + after.path("version").asString())
                .isEqualTo("row@1.0.0");
        assertThat(after.path("last_inference").asLong()).isBetween(asked - 1, System.currentTimeMillis() + 1);
        for (String count : new String[] {
            "/inference_count",
            "/execution_count",
            "/inference_stats/success/count",
            "/inference_stats/compute_input/count",
            "/inference_stats/compute_infer/count",
            "/inference_stats/compute_output/count"
        }) {
            assertThat(after.at(count).asLong() - before.at(count).asLong())
                    .as(count)
                    .isEqualTo(3);
        }
        assertThat(after.at("/inference_stats/fail/count").asLong()
                        - before.at("/inference_stats/fail/count").asLong())
                .isEqualTo(1);
        long whole = after.at("/inference_stats/success/ns").asLong()
                - before.at("/inference_stats/success/ns").asLong();
        long inside = 0;
        for (String stage : new String[] {"queue", "compute_input", "compute_infer", "compute_output"}) {
            long nanos = after.at("/inference_stats/" + stage + "/ns").asLong()
                    - before.at("/inference_stats/" + stage + "/ns").asLong();
            assertThat(nanos).as(stage).isPositive();
            inside += nanos;
        }
        // the one that failed took its part of the queue, too
        assertThat(whole).isGreaterThan(inside / 2);
        assertThat(statistics("stats").size()).isGreaterThanOrEqualTo(5);
        assertThat(statistics("pair/stats").size()).isEqualTo(2);
        assertThat(gateway.get("/v2/models/pear/stats").statusCode()).isEqualTo(404);
        assertThat(gateway.get("/v2/models/pair/versions/9.9.9/stats").statusCode())
                .isEqualTo(404);
    }

    private static final String ROW =
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [1, 2]}]}";

    private static JsonNode statistics(String path) throws Exception {
        return json(gateway.get("/v2/models/" + path).body()).path("model_stats");
    }

    // --- inference ---

    private static final String PAIR = """
            {"id": "mine", "inputs": [
              {"name": "a", "shape": [2, 2], "datatype": "FP32", "data": [[1, 2.5], [-3e2, 4]]},
              {"name": "b", "datatype": "INT64", "shape": [3], "data": [1, -9223372036854775808, 9223372036854775807]}]}
            """;

    @Test
    void listsMayBeNestedOrFlatAndAreAnsweredFlat() throws Exception {
        HttpResponse<String> answer = infer("pair", PAIR);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"model_name\":\"pair\",\"model_version\":\"1.0.0\",\"id\":\"mine\",\"outputs\":["
                        + "{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[2,2],\"data\":[1.0,2.5,-300.0,4.0]},"
                        + "{\"name\":\"b\",\"datatype\":\"INT64\",\"shape\":[3],"
                        + "\"data\":[1,-9223372036854775808,9223372036854775807]}]}");
        assertThat(answer.headers().firstValue("inference-version")).hasValue("1.0.0");
        assertThat(answer.headers().firstValue("inference-route").orElseThrow()).startsWith("reason=DEFAULT;rev=");
        assertThat(answer.headers().firstValue("inference-request-id")).isPresent();
        assertThat(infer("pair", PAIR.replace("[[1, 2.5], [-3e2, 4]]", "[1, 2.5, -3e2, 4]"))
                        .body())
                .isEqualTo(answer.body());
    }

    @Test
    void membersComeInAnyOrderAndUnknownOnesArePassedOver() throws Exception {
        assertThat(infer("row", """
                                {"more": [{}], "inputs": [{"data": [[1, 2]], "note": {"x": 1}, "shape": [1, 2],
                                 "parameters": {"content_type": "np"}, "datatype": "FP32", "name": "x"}]}""").body()).contains("\"data\":[1.0,2.0]");
    }

    @Test
    void membersThatAreNullSayNothing() throws Exception {
        HttpResponse<String> answer = infer("row", """
                                {"id": null, "parameters": null, "outputs": null, "inputs": [
                                 {"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 2],
                                  "parameters": {"content_type": null}}]}""");
        assertThat(answer.body())
                .isEqualTo("{\"model_name\":\"row\",\"model_version\":\"1.0.0\",\"outputs\":["
                        + "{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1.0,2.0]}]}");
    }

    @Test
    void onlyTheOutputsThatAreAskedForAreGiven() throws Exception {
        String asked = PAIR.replace("{\"id\"", "{\"outputs\": [{\"name\": \"b\"}], \"id\"");
        assertThat(json(infer("pair", asked).body()).path("outputs").size()).isEqualTo(1);
        assertThat(infer("pair", asked.replace("\"outputs\": [{\"name\": \"b\"}]", "\"outputs\": [{\"name\": \"c\"}]"))
                        .body())
                .isEqualTo("{\"error\":\"Output 'c' is none of pair 1.0.0; it gives a FP32[-1, 2], b INT64[-1]."
                        + " Did you mean 'a' or 'b'?\"}");
    }

    @Test
    void aVersionIsAskedByItsName() throws Exception {
        HttpResponse<String> answer = infer("pair/versions/1.1.0-rc.1", PAIR);
        assertThat(json(answer.body()).path("model_version").asString()).isEqualTo("1.1.0-rc.1");
        assertThat(answer.headers().firstValue("inference-route").orElseThrow()).startsWith("reason=PINNED");
        HttpResponse<String> unknown = infer("pair/versions/7", PAIR);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).startsWith("{\"error\":");
    }

    private static final String ALL = """
            {"inputs": [
              {"name": "bool", "datatype": "BOOL", "shape": [2], "data": [true, false]},
              {"name": "uint8", "datatype": "UINT8", "shape": [2], "data": [0, 255]},
              {"name": "uint16", "datatype": "UINT16", "shape": [2], "data": [0, 65535]},
              {"name": "uint32", "datatype": "UINT32", "shape": [2], "data": [0, 4294967295]},
              {"name": "uint64", "datatype": "UINT64", "shape": [2], "data": [0, 18446744073709551615]},
              {"name": "int8", "datatype": "INT8", "shape": [2], "data": [-128, 127]},
              {"name": "int16", "datatype": "INT16", "shape": [2], "data": [-32768, 32767]},
              {"name": "int32", "datatype": "INT32", "shape": [2], "data": [-2147483648, 2147483647]},
              {"name": "int64", "datatype": "INT64", "shape": [0], "data": []},
              {"name": "fp16", "datatype": "FP16", "shape": [2], "parameters": {"binary_data_size": 4}},
              {"name": "bf16", "datatype": "BF16", "shape": [1], "parameters": {"binary_data_size": 2}},
              {"name": "fp32", "datatype": "FP32", "shape": [2], "data": [1.5, 3.4028235e38]},
              {"name": "fp64", "datatype": "FP64", "shape": [1], "data": [1.7976931348623157e308]},
              {"name": "bytes", "datatype": "BYTES", "shape": [3], "parameters": {"binary_data_size": 19}}],
             "parameters": {"binary_data_output": true}}""";

    private static byte[] rawOfAll() {
        ByteBuffer raw = ByteBuffer.allocate(25).order(ByteOrder.LITTLE_ENDIAN);
        raw.putShort((short) 0x3c00).putShort((short) 0xfc00).putShort((short) 0x3f80);
        raw.putInt(0).putInt(3).put("abc".getBytes(StandardCharsets.UTF_8));
        raw.putInt(4).put("🐈".getBytes(StandardCharsets.UTF_8));
        return raw.array();
    }

    @Test
    void everyDatatypeGoesInAndOutInBytesMixedWithJson() throws Exception {
        HttpResponse<byte[]> answer =
                binary("all", join(ALL, rawOfAll()), Integer.toString(ALL.getBytes(StandardCharsets.UTF_8).length));
        String whole = new String(answer.body(), StandardCharsets.ISO_8859_1);
        assertThat(answer.statusCode()).as(whole).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/octet-stream");
        int jsonLength = Integer.parseInt(
                answer.headers().firstValue("inference-header-content-length").orElseThrow());
        JsonNode outputs = json(whole.substring(0, jsonLength)).path("outputs");
        assertThat(outputs.size()).isEqualTo(14);
        int declared = 0;
        for (JsonNode output : outputs) {
            assertThat(output.has("data")).isFalse();
            declared += output.at("/parameters/binary_data_size").asInt();
        }
        assertThat(answer.body().length - jsonLength).isEqualTo(declared);
        ByteBuffer raw = ByteBuffer.wrap(answer.body(), jsonLength, declared).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new byte[] {raw.get(), raw.get()}).containsExactly(1, 0);
        assertThat(new byte[] {raw.get(), raw.get()}).containsExactly(0, (byte) 0xff);
        assertThat(new short[] {raw.getShort(), raw.getShort()}).containsExactly((short) 0, (short) 0xffff);
        assertThat(new int[] {raw.getInt(), raw.getInt()}).containsExactly(0, -1);
        assertThat(new long[] {raw.getLong(), raw.getLong()}).containsExactly(0, -1);
        assertThat(new byte[] {raw.get(), raw.get()}).containsExactly(-128, 127);
        assertThat(new short[] {raw.getShort(), raw.getShort()}).containsExactly((short) -32768, (short) 32767);
        assertThat(new int[] {raw.getInt(), raw.getInt()}).containsExactly(Integer.MIN_VALUE, Integer.MAX_VALUE);
        assertThat(raw.getShort()).isEqualTo((short) 0x3c00);
        assertThat(raw.getShort()).isEqualTo((short) 0xfc00);
        assertThat(raw.getShort()).isEqualTo((short) 0x3f80);
        assertThat(raw.getFloat()).isEqualTo(1.5f);
        assertThat(raw.getFloat()).isEqualTo(Float.MAX_VALUE);
        assertThat(raw.getDouble()).isEqualTo(Double.MAX_VALUE);
        byte[] texts = new byte[raw.remaining()];
        raw.get(texts);
        assertThat(texts).isEqualTo(Arrays.copyOfRange(rawOfAll(), 6, 25));
    }

    @Test
    void halfFloatsHaveNoFormInJson() throws Exception {
        assertThat(gateway.post("/v1/inference/all", "{\"fp16\": [1.0]}").body())
                .contains("\"path\":\"/fp16\",\"message\":\"is FP16, which has no form in JSON");
        assertThat(infer(
                                "all",
                                ALL.substring(0, ALL.indexOf(",\n \"parameters\""))
                                                .replaceAll("\"parameters\":[^}]*}", "\"data\": [1, 2]")
                                        + "}")
                        .body())
                .contains("Input 'fp16' is FP16, which has no form in JSON");
    }

    @Test
    void anOutputSaysForItselfWhetherItIsInBytes() throws Exception {
        String mixed = PAIR.replace(
                "{\"id\"",
                "{\"parameters\": {\"binary_data_output\": true}, \"outputs\": [{\"name\": \"a\","
                        + " \"parameters\": {\"binary_data\": false}}, {\"name\": \"b\"}], \"id\"");
        HttpResponse<String> answer = infer("pair", mixed);
        int jsonLength = Integer.parseInt(
                answer.headers().firstValue("inference-header-content-length").orElseThrow());
        JsonNode outputs = json(answer.body().substring(0, jsonLength)).path("outputs");
        assertThat(outputs.at("/0/data").size()).isEqualTo(4);
        assertThat(outputs.at("/1/parameters/binary_data_size").asInt()).isEqualTo(24);
    }

    @Test
    void aBodyWithoutJsonIsTheOnlyInput() throws Exception {
        byte[] raw = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(2)
                .putFloat(3)
                .putFloat(4)
                .array();
        HttpResponse<byte[]> answer = binary("row", raw, "0");
        int jsonLength = Integer.parseInt(
                answer.headers().firstValue("inference-header-content-length").orElseThrow());
        assertThat(new String(answer.body(), 0, jsonLength, StandardCharsets.UTF_8))
                .contains("\"shape\":[2,2]");
        assertThat(Arrays.copyOfRange(answer.body(), jsonLength, answer.body().length))
                .isEqualTo(raw);
        assertThat(new String(binary("pair", raw, "0").body(), StandardCharsets.UTF_8))
                .contains("says that the body is the only input, but pair 1.0.0 takes a FP32[-1, 2], b INT64[-1]");
        assertThat(binary("row", Arrays.copyOf(raw, 15), "0").statusCode()).isEqualTo(400);
    }

    @Test
    void aTaskThatTakesJsonTakesItAsOneText() throws Exception {
        String asked = """
                {"inputs": [{"name": "request", "datatype": "BYTES", "shape": [1], "data": ["{\\"name\\": \\"felix\\"}"]}]}""";
        HttpResponse<String> answer = infer("greeting", asked);
        assertThat(json(json(answer.body()).at("/outputs/0/data/0").asString()).toString())
                .isEqualTo("{\"name\":\"felix\",\"version\":\"1.0.0\"}");
        assertThat(infer("greeting", asked.replace("felix", " ")).body())
                .contains("/name")
                .startsWith("{\"error\":");
        assertThat(infer("greeting", asked.replace("\\\"name\\\":", "\\\"nam\\\":"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(infer("greeting", asked.replace("\"request\"", "\"x\"")).body())
                .isEqualTo("{\"error\":\"greeting 1.0.0 takes one input, request BYTES[1]: a text, the JSON of its"
                        + " request; there is x BYTES[1]\"}");
    }

    @Test
    void tenantAndAttributesForRoutingComeFromHeadersOrParameters() throws Exception {
        String asked = """
                {"parameters": {%s}, "inputs":
                 [{"name": "request", "datatype": "BYTES", "shape": [1], "data": ["{\\"name\\": \\"felix\\"}"]}]}""";
        assertThat(json(infer("greeting", asked.formatted("")).body())
                        .path("model_version")
                        .asString())
                .isEqualTo("1.0.0");
        assertThat(json(infer("greeting", asked.formatted("\"tenant\": \"tenant_b\""))
                                .body())
                        .path("model_version")
                        .asString())
                .isEqualTo("2.0.0");
        assertThat(json(infer("greeting", asked.formatted(""), "inference-tenant", "tenant_b")
                                .body())
                        .path("model_version")
                        .asString())
                .isEqualTo("2.0.0");
        HttpResponse<String> two =
                infer("greeting", asked.formatted("\"tenant\": \"tenant_a\""), "inference-tenant", "tenant_b");
        assertThat(two.body()).contains("is 'tenant_a', but Inference-Tenant is 'tenant_b'");
        HttpResponse<String> unit = infer("greeting", asked.formatted("\"pet_id\": 7, \"region\": \"north\""));
        assertThat(unit.headers().firstValue("inference-route").orElseThrow()).contains("reason=SPLIT;rule=half");
    }

    @Test
    void aCallEndsAtItsDeadline() throws Exception {
        String slow = """
                {"parameters": {"timeout": 50000}, "inputs": [{"name": "request", "datatype": "BYTES", "shape": [1],
                 "data": ["{\\"name\\": \\"felix\\", \\"sleep\\": 5000}"]}]}""";
        HttpResponse<String> answer = infer("greeting", slow);
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("did not answer within 50 ms");
    }

    // --- what is refused ---

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ''                                                                  | has no body
            []                                                                  | not a JSON object
            {                                                                   | cut off
            {} {}                                                               | more behind the JSON object
            {}                                                                  | has no "inputs"
            {"inputs": {}}                                                      | "inputs" is no list
            {"inputs": [], "inputs": []}                                        | twice
            {"inputs": [7]}                                                     | no object
            {"inputs": []}                                                      | Input 'x' is missing
            {"inputs": [{"shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]} | has no "name"
            {"inputs": [{"name": "x", "datatype": "FP32", "data": [1, 2]}]}     | has no "shape"
            {"inputs": [{"name": "x", "shape": [1, 2], "data": [1, 2]}]}        | has no "datatype"
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32"}]}    | neither "data" nor
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP23", "data": [1, 2]}]} | datatype 'FP23'
            {"inputs": [{"name": "y", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]} | none of row 1.0.0
            {"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]} | takes FP32[-1, 2]
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP64", "data": [1, 2]}]} | is FP64[1, 2], but
            {"inputs": [{"name": "x", "shape": [2], "datatype": "FP32", "data": [1, 2]}]} | is FP32[2], but
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1]}]} | has 1 values
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 2, 3]}]} | has more values
            {"inputs": [{"name": "x", "shape": [2, 2], "datatype": "FP32", "data": [[1, 2, 3], [4]]}]} | list of 3
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [[[1, 2]]]}]} | nested deeper
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [[1, 2], 3]}]} | side by side
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, "2"]}]} | value 1 that is not
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 1e39]}]} | that FP32 can hold
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, NaN]}]} | no JSON numbers
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": null}]} | neither "data" nor
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP16", "data": [1, 2]}]} | no form in JSON
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "INT8", "data": [1, 128]}]} | from -128 to 127
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "INT8", "data": [1, 1.5]}]} | whole number
            {"inputs": [{"name": "x", "shape": [2147483647, 2147483647], "datatype": "FP32", "data": [1]}]} | more than the request has room for
            {"inputs": [{"name": "x", "shape": [9223372036854775807, 2], "datatype": "FP32", "data": [1]}]} | can be counted
            {"inputs": [{"name": "x", "shape": [2000000000, 0], "datatype": "FP32", "data": []}]} | which holds no values; its other sizes are at most 4096 here
            {"inputs": [{"name": "x", "shape": [-1, -2], "datatype": "FP32", "data": [1, 2]}]} | never negative
            {"inputs": [{"name": "x", "shape": [1e2], "datatype": "FP32", "data": [1, 2]}]} | no whole number
            {"inputs": [{"name": "x", "shape": "2", "datatype": "FP32", "data": [1, 2]}]} | no list of sizes
            {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "parameters": {"binary_data_size": 8}}]} | 0 bytes follow
            {"inputs": [], "parameters": {"a": []}}                             | no text, number or boolean
            """)
    void whatDoesNotFitIsRefusedWithTheReason(String body, String reason) throws Exception {
        HttpResponse<String> answer = infer("row", body.equals("''") ? "" : body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer.body()).path("error").asString()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FP32  | [1,2]                   | 8  | 7  | 7 bytes follow
            FP32  | [1,2]                   | 7  | 7  | has 7 bytes of binary data, but FP32 of shape [1, 2] has 8
            FP32  | [1,2]                   | 8  | 9  | 1 bytes are behind
            FP32  | [2147483647,2147483647] | 8  | 8  | has far more
            FP64  | [2305843009213693952]   | 8  | 8  | has far more
            BYTES | [2305843009213693952]   | 8  | 8  | too few
            BYTES | [1]                     | 8  | 8  | 4 bytes behind its 1 elements
            INT8  | [-8]                    | 8  | 8  | never negative
            """)
    void bytesThatDoNotFitAreRefused(String type, String shape, int declared, int sent, String reason)
            throws Exception {
        String head =
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":%s,\"parameters\":{\"binary_data_size\":%d}}]}"
                        .formatted(type, shape, declared);
        HttpResponse<byte[]> answer = binary("row", join(head, new byte[sent]), Integer.toString(head.length()));
        String error = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(error).isEqualTo(400);
        assertThat(error).contains(reason);
    }

    @Test
    void compressedBodiesAreRefusedAsSuch() throws Exception {
        HttpResponse<String> answer = infer("row", ROW, "content-encoding", "gzip");
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"error\":\"The body is declared as packed with 'gzip'; send it as it is, without Content-Encoding\"}");
        assertThat(infer("row", ROW, "content-encoding", "identity").statusCode())
                .isEqualTo(200);
        assertThat(gateway.post("/v1/inference/greeting", "{}", "content-encoding", "br")
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void whatCannotBeReadIsCounted() throws Exception {
        double before = refusedAsMalformed();
        infer("row", "{");
        gateway.post("/v2/models/row/generate", "{\"text_input\": 7}");
        infer("row", ROW, "inference-timeout", "soon");
        assertThat(refusedAsMalformed()).isEqualTo(before + 3);
    }

    private static double refusedAsMalformed() throws Exception {
        return gateway.admin("GET", "/metrics", "")
                .body()
                .lines()
                .filter(line -> line.startsWith("patchbay_requests_unrouted_total{code=\"malformed-request\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void aLengthOfJsonThatIsNoneIsRefused() throws Exception {
        for (String length : new String[] {"-1", "x", "99999999999999999999", "100"}) {
            HttpResponse<byte[]> answer = binary("row", "{}".getBytes(StandardCharsets.UTF_8), length);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .contains("Inference-Header-Content-Length is '" + length + "'");
        }
    }

    // --- texts ---

    @Test
    void aTextIsGeneratedAtOnceOrInPieces() throws Exception {
        String asked = "{\"text_input\": \"{\\\"name\\\": \\\"felix\\\"}\", \"parameters\": {\"temperature\": 0}}";
        JsonNode once = json(gateway.post("/v2/models/greeting/generate", asked).body());
        assertThat(once.path("text_output").asString()).isEqualTo("{\"name\":\"felix\",\"version\":\"1.0.0\"}");
        assertThat(once.path("model_name").asString()).isEqualTo("greeting");
        HttpResponse<String> stream = gateway.post("/v2/models/greeting/versions/2.0.0/generate_stream", asked);
        assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
        assertThat(stream.body()).isEqualTo("""
                        data: {"text_output":"one","model_name":"greeting","model_version":"2.0.0"}

                        data: {"text_output":"two","model_name":"greeting","model_version":"2.0.0"}

                        data: {"text_output":"","model_name":"greeting","model_version":"2.0.0","details":{"finish_reason":"stop"}}

                        """);
        String failing = asked.replace("\\\"felix\\\"", "\\\"felix\\\", \\\"fail\\\": \\\"typed\\\"");
        assertThat(gateway.post("/v2/models/greeting/generate_stream", failing).body())
                .endsWith("data: {\"error\":\"the bowl is offline\"}\n\n");
        assertThat(gateway.post("/v2/models/greeting/generate", "{}").body()).contains("has no \\\"text_input\\\"");
    }

    // --- the repository ---

    @Test
    void modelsAreListedUnloadedAndLoadedByOperators() throws Exception {
        assertThat(gateway.post("/v2/repository/index", "").body())
                .contains("{\"name\":\"pair\",\"version\":\"1.1.0-rc.1\",\"state\":\"READY\",\"reason\":\"\"}");
        HttpResponse<String> refused = gateway.post("/v2/repository/models/pair/unload", "");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("send this request to the admin port");

        HttpResponse<String> routed = gateway.admin("POST", "/v2/repository/models/pair/unload", "");
        assertThat(routed.statusCode()).isEqualTo(409);
        assertThat(routed.body()).contains("pair@1.0.0 is still named by").contains("nothing was unloaded");

        assertThat(gateway.admin("POST", "/v2/repository/models/pair@1.1.0-rc.1/unload", "")
                        .statusCode())
                .isEqualTo(200);
        org.awaitility.Awaitility.await()
                .until(() -> !gateway.post("/v2/repository/index", "{\"ready\": true}")
                        .body()
                        .contains("1.1.0-rc.1"));
        assertThat(gateway.get("/v2/models/pair/versions/1.1.0-rc.1/ready").statusCode())
                .isNotEqualTo(200);
        HttpResponse<String> loaded = gateway.admin("POST", "/v2/repository/models/pair/load", "");
        assertThat(loaded.statusCode()).as(loaded.body()).isEqualTo(200);
        assertThat(gateway.get("/v2/models/pair/versions/1.1.0-rc.1/ready").statusCode())
                .isEqualTo(200);
        assertThat(gateway.admin("POST", "/v2/repository/models/pear/load", "").body())
                .contains("no model 'pear' in the modules folder")
                .contains("pair");
        assertThat(gateway.admin("POST", "/v2/repository/models/pair/load", "{\"parameters\": {\"config\": \"{}\"}}")
                        .body())
                .contains("A version never changes");
    }
}
