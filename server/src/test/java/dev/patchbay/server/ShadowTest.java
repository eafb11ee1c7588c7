package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Shadows are asked, compared and never noticed.
class ShadowTest {

    private static final String SHADOWED = """
            inference:
              scoring:
                default_version: "1.0.0"
                shadow:
                  - {version: "2.0.0", sample: %s, unit: name, compare: {tolerance: 1, ignore: [/took]}}
            """;

    @TempDir
    Path folder;

    private RunningGateway gateway;

    private static SourceModule scoring(String version, String statements) {
        return new SourceModule("Scoring", """
                @Module(task = "scoring", version = "%s", owner = "tests")
                public final class Scoring implements InferenceModule<Scoring.Request, Scoring.Answer> {
                    public record Request(String name, double x) {}
                    public record Answer(double score, String label, double took) {}
                    public Answer predict(Request request, Call call) throws Exception {
                        double score = request.x();
                        String label = call.mode().name();
                        %s
                        return new Answer(score, label, System.nanoTime());
                    }
                }
                """.formatted(version, statements));
    }

    @BeforeEach
    void prepare() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), SHADOWED.formatted("100"))
                .with("scoring-1.0.0", scoring("1.0.0", "label = \"calm\";"));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void answersAreComparedByWhatCounts() throws Exception {
        gateway.with("scoring-2.0.0", scoring("2.0.0", """
                if (call.mode() != CallMode.SHADOW) throw new IllegalStateException("this is no shadow");
                if (request.x() == 13) throw new IllegalStateException("thirteen");
                label = request.x() > 40 ? "wild" : "calm";
                score = request.x() * 1.005;
                """)).start();
        for (int i = 0; i < 50; i++) {
            assertThat(call("unit-" + i, i)).contains("calm");
        }
        await().until(() -> report().path("compared").asInt() == 49);
        JsonNode report = report();
        assertThat(report.path("agreed").asInt()).isEqualTo(40);
        assertThat(report.path("failed").asInt()).isEqualTo(1);
        assertThat(report.path("errors").path("module-failed").asInt()).isEqualTo(1);
        assertThat(report.path("fields").toString()).isEqualTo("{\"/label\":9}");
        assertThat(report.path("affected_tenants").path("acme").asInt()).isEqualTo(9);
        assertThat(report.path("pairs").get(0).path("differences").toString())
                .isEqualTo(
                        "[{\"path\":\"/label\",\"served\":\"text of 4 characters\",\"shadow\":\"text of 4 characters\"}]");
        // the shadow was no traffic
        assertThat(gateway.admin("usage?task=scoring")
                        .path("versions")
                        .get(1)
                        .path("calls")
                        .asInt())
                .isZero();
    }

    @Test
    void callsOfTheOpenInferenceProtocolAreComparedLikeOthers() throws Exception {
        EchoRuntime.module(gateway.module("row-1.0.0"), "row", "1.0.0", "x FP32 -1 2");
        EchoRuntime.module(gateway.module("row-2.0.0"), "row", "2.0.0", "x FP32 -1 2");
        gateway.save(SHADOWED.formatted("100") + """
                  row:
                    default_version: "1.0.0"
                    shadow: [{version: "2.0.0", sample: 100}]
                """);
        gateway.with("scoring-2.0.0", scoring("2.0.0", "label = request.x() > 1 ? \"wild\" : \"calm\";"))
                .start();
        for (int x = 0; x < 4; x++) {
            String request = "{\\\"name\\\": \\\"felix\\\", \\\"x\\\": %d}".formatted(x);
            assertThat(gateway.post(
                                    "/v2/models/scoring/infer",
                                    "{\"inputs\": [{\"name\": \"request\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"%s\"]}]}"
                                            .formatted(request))
                            .body())
                    .contains("calm");
            assertThat(gateway.post(
                                    "/v2/models/row/infer",
                                    "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"shape\": [1, 2], \"data\": [1, %d]}]}"
                                            .formatted(x))
                            .statusCode())
                    .isEqualTo(200);
        }
        await().until(() -> report("scoring").path("compared").asInt() == 4);
        assertThat(report("scoring").path("fields").toString()).isEqualTo("{\"/label\":2}");
        await().until(() -> report("row").path("agreed").asInt() == 4);
    }

    @Test
    void callsOfEveryFacadeAreComparedInTheTasksJson() throws Exception {
        gateway.save(SHADOWED.formatted("100").replace("unit: name, ", ""));
        gateway.with("scoring-2.0.0", scoring("2.0.0", """
                if (call.mode() != CallMode.SHADOW) throw new IllegalStateException("this is no shadow");
                label = request.x() > 1 ? "wild" : "calm";
                """)).start();
        String request = "{\\\"name\\\": \\\"felix\\\", \\\"x\\\": %d}";
        String chat =
                "{\"model\": \"scoring\", \"stream\": %s, \"max_tokens\": 9, \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}";
        int asked = 0;
        for (int x = 1; x < 3; x++) {
            String said = request.formatted(x);
            for (boolean streams : new boolean[] {false, true}) {
                asked += answered("/v1/chat/completions", chat.formatted(streams, said));
                asked += answered("/v1/messages", chat.formatted(streams, said));
            }
            asked += answered("/v2/models/scoring/generate", "{\"text_input\": \"%s\"}".formatted(said));
            asked += answered("/v2/models/scoring/generate_stream", "{\"text_input\": \"%s\"}".formatted(said));
        }
        int all = asked;
        await().until(() -> report().path("compared").asInt() == all);
        assertThat(report().path("fields").toString()).isEqualTo("{\"/label\":%d}".formatted(all / 2));
    }

    private int answered(String path, String body) throws Exception {
        var answer = gateway.post(path, body);
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("calm");
        return 1;
    }

    @Test
    void embeddingsAreComparedNumberByNumber() throws Exception {
        for (String version : new String[] {"1.0.0", "2.0.0"}) {
            gateway.with("vectors-" + version, new SourceModule("Vectors", """
                    @Module(task = "vectors", version = "%s", owner = "tests")
                    public final class Vectors implements InferenceModule<Vectors.Request, Vectors.Answer> {
                        public record Request(String text) {}
                        public record Answer(double[] vector) {}
                        public Answer predict(Request request, Call call) {
                            return new Answer(new double[] {request.text().length(), %s});
                        }
                    }
                    """.formatted(version, version.charAt(0))));
        }
        gateway.save(SHADOWED.formatted("100").replace("scoring", "vectors").replace("unit: name, ", ""));
        gateway.start();
        assertThat(gateway.post("/v1/embeddings", "{\"model\": \"vectors\", \"input\": [\"a\", \"bb\"]}")
                        .body())
                .contains("[1.0,1.0]", "[2.0,1.0]");
        await().until(() -> report("vectors").path("compared").asInt() == 2);
        assertThat(report("vectors").path("fields").toString()).isEqualTo("{\"/vector/*\":2}");
    }

    @Test
    void aShadowThatHangsIsDroppedAndNobodyNotices() throws Exception {
        gateway.with("scoring-2.0.0", scoring("2.0.0", "Thread.sleep(60_000);")).start();
        for (int i = 0; i < 300; i++) {
            assertThat(call("unit-" + i, i)).contains("calm");
        }
        await().until(() -> report().path("dropped").asInt() == 300 - 32);
        assertThat(report().path("compared").asInt()).isZero();
    }

    @Test
    void theSampleIsTheSameForAUnit() throws Exception {
        gateway.save(SHADOWED.formatted("20"));
        gateway.with("scoring-2.0.0", scoring("2.0.0", "")).start();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                call("unit-" + i, i);
            }
        }
        await().pollDelay(java.time.Duration.ofMillis(300))
                .until(() -> report().path("compared").asInt() % 3 == 0);
        assertThat(report().path("compared").asInt() / 3).isBetween(8, 34);
    }

    @Test
    void aShadowThatIsNotThereIsRefused() throws Exception {
        gateway.with("scoring-2.0.0", scoring("2.0.0", "")).start();
        gateway.save(SHADOWED.formatted("20").replace("2.0.0", "7.0.0"));
        await().until(() -> !gateway.admin("status").path("problems").isEmpty());
        assertThat(gateway.admin("status").path("problems").toString()).contains("there is no version 7.0.0");
    }

    private JsonNode report() throws Exception {
        return report("scoring");
    }

    private JsonNode report(String task) throws Exception {
        return gateway.admin("shadow/" + task).path("shadows").path(0);
    }

    private String call(String name, int x) throws Exception {
        return gateway.post(
                        "/v1/inference/scoring",
                        "{\"name\":\"%s\",\"x\":%d}".formatted(name, x),
                        "inference-tenant",
                        "acme")
                .body();
    }
}
