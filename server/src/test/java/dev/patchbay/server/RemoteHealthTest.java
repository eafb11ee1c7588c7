package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A server that goes away takes its versions out of the rules, without a call that finds out, and back.
class RemoteHealthTest {

    private static final String CONFIG = """
            inference:
              score:
                default_version: 1.0.0
                experiments: [{name: canary, version: 2.0.0, rollout: 100, unit: request}]
              alone: {default_version: 1.0.0}
            """;

    @TempDir
    Path folder;

    private final StandIn service = new StandIn(RemoteHealthTest::answers);
    private RunningGateway gateway;
    private int asked;

    RemoteHealthTest() throws IOException {}

    private static void answers(StandIn.Request request, java.io.InputStream in, java.io.OutputStream out)
            throws IOException {
        StandIn.json(out, 200, isHealth(request) ? "{}" : "{\"from\": \"far\"}");
    }

    private static boolean isHealth(StandIn.Request request) {
        return request.path().endsWith("/health");
    }

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder, CONFIG).with("score-1.0.0", new SourceModule("Score", """
                @Module(task = "score", version = "1.0.0", owner = "tests")
                public final class Score implements InferenceModule<Score.Request, Score.Answer> {
                    public record Request(double x) {}
                    public record Answer(String from) {}
                    public Answer predict(Request request, Call call) { return new Answer("here"); }
                }
                """));
        remote("score", "2.0.0");
        remote("alone", "1.0.0");
        gateway.start();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("score", "2.0.0").equals("ready"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("alone", "1.0.0").equals("ready"));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        service.close();
    }

    private void remote(String task, String version) throws IOException {
        Files.writeString(
                Files.createDirectories(gateway.module(task + "-" + version)).resolve("module.yaml"),
                """
                        task: %s
                        version: %s
                        owner: tests
                        remote: {protocol: http, url: "%s/%s", path: /score, health: /health, ready_every: 100ms}
                        """.formatted(task, version, service.url(), task));
    }

    private JsonNode status(String task, String version) throws Exception {
        for (JsonNode module : gateway.admin("modules?task=" + task).path("modules")) {
            if (module.path("version").asString("").equals(version)) {
                return module;
            }
        }
        return RunningGateway.JSON.createObjectNode();
    }

    private String state(String task, String version) throws Exception {
        return status(task, version).path("state").asString("");
    }

    private HttpResponse<String> ask(String path) throws Exception {
        asked++;
        return gateway.post("/v1/inference/" + path, "{\"x\": 1}");
    }

    private boolean events(String kind, String task) throws Exception {
        for (JsonNode event : gateway.admin("events").path("events")) {
            if (event.path("kind").asString("").equals(kind)
                    && event.path("task").asString("").equals(task)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aServerThatSaysNoIsPassedByAndComesBack() throws Exception {
        assertThat(ask("score").body()).contains("far");
        service.does((request, in, out) -> {
            if (isHealth(request)) {
                StandIn.json(out, 503, "{}");
            } else {
                answers(request, in, out);
            }
        });
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("score", "2.0.0").equals("unreachable"));
        assertThat(status("score", "2.0.0").path("cause").asString()).contains("127.0.0.1:" + service.port(), "503");
        HttpResponse<String> passedBy = ask("score");
        assertThat(passedBy.body()).contains("here");
        assertThat(passedBy.headers().firstValue("inference-route"))
                .hasValueSatisfying(route -> assertThat(route).contains("reason=DEFAULT", "skipped=canary"));
        // who names it insists
        assertThat(ask("score/versions/2.0.0").body()).contains("far");
        assertThat(events("version-unreachable", "score")).isTrue();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("alone", "1.0.0").equals("unreachable"));
        assertThat(ask("alone").statusCode()).isEqualTo(503);
        assertThat(ask("alone").body()).contains("version-unavailable", "is not ready");
        // another gateway would do no better
        assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(gateway.admin("GET", "/metrics", "").body())
                .contains("patchbay_module_state{state=\"unreachable\",task=\"alone\",version=\"1.0.0\"}");

        service.does(RemoteHealthTest::answers);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("score", "2.0.0").equals("ready"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("alone", "1.0.0").equals("ready"));
        assertThat(ask("score").body()).contains("far");
        assertThat(ask("alone").body()).contains("far");
        assertThat(events("version-reachable", "alone")).isTrue();
    }

    @Test
    void aServerThatIsGoneIsNoticedWithoutACallAndTheVersionCanStillBeRetired() throws Exception {
        service.close();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("score", "2.0.0").equals("unreachable"));
        gateway.save("inference: {score: {default_version: 1.0.0}}");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.admin("DELETE", "/admin/v1/modules/alone/1.0.0", "")
                                .statusCode()
                        < 300);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> state("alone", "1.0.0").equals("gone"));
        assertThat(asked).isZero();
    }

    @Test
    void oneBadAnswerSaysNothing() throws Exception {
        AtomicInteger told = new AtomicInteger();
        service.does((request, in, out) -> {
            // two bad ones after each other, and then a good one
            if (request.path().equals("/alone/health") && told.incrementAndGet() % 3 != 0) {
                StandIn.json(out, 503, "{}");
            } else {
                answers(request, in, out);
            }
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> told.get() > 12);
        assertThat(events("version-unreachable", "alone")).isFalse();
    }
}
