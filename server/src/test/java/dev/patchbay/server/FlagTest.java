package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A flag of an OpenFeature provider decides versions, asked over the network.
class FlagTest {

    private static final String CONFIG = """
            flags: {provider: dev.patchbay.server.SomeFlags}
            inference:
              scoring:
                default_version: "1.0.0"
                flag: {key: %s, unit: name}
              plain:
                default_version: "1.0.0"
            """;

    @TempDir
    Path folder;

    private RunningGateway gateway;

    private static SourceModule module(String task, String version) {
        return new SourceModule("Scoring", """
                @Module(task = "%s", version = "%s", owner = "tests")
                public final class Scoring implements InferenceModule<Scoring.Request, Scoring.Answer> {
                    public record Request(String name) {}
                    public record Answer(String version) {}
                    public Answer predict(Request request, Call call) {
                        return new Answer("%s");
                    }
                }
                """.formatted(task, version, version));
    }

    @BeforeEach
    void prepare() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), CONFIG.formatted("scoring"))
                .with("scoring-1.0.0", module("scoring", "1.0.0"))
                .with("scoring-2.0.0", module("scoring", "2.0.0"))
                .with("plain-1.0.0", module("plain", "1.0.0"))
                .start();
        await().until(() -> route(call("scoring", "next")).startsWith("reason=FLAG"));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void theAnswerAndTheExplanationAreTheFlags() throws Exception {
        assertThat(call("scoring", "next-1").body()).contains("2.0.0");
        assertThat(route(call("scoring", "next-1"))).isEqualTo("reason=FLAG;rule=scoring;rev=1");
        assertThat(route(call("scoring", "other"))).isEqualTo("reason=DEFAULT;rev=1");
        assertThat(call("scoring", "lost").body()).contains("1.0.0");
        assertThat(route(call("scoring", "lost"))).isEqualTo("reason=DEFAULT;rev=1;skipped=scoring:not_ready");
        assertThat(gateway.admin("events").toString())
                .contains("flag scoring names 7.0.0, which is no version or alias of the task that is ready");
        JsonNode explained = explain("next-1");
        assertThat(explained.path("version").stringValue()).isEqualTo("2.0.0");
        assertThat(explained.path("reason").stringValue()).isEqualTo("FLAG");
        assertThat(explained.path("steps").get(1).path("detail").stringValue()).startsWith("TARGETING_MATCH");
        assertThat(explain("lost").path("steps").get(1).path("version").stringValue())
                .isEqualTo("7.0.0");
        assertThat(gateway.admin("routes?task=scoring")
                        .path("tasks")
                        .get(0)
                        .path("flag")
                        .toString())
                .isEqualTo("{\"key\":\"scoring\",\"unit\":\"name\"}");
        assertThat(gateway.admin("GET", "/metrics", "").body())
                .contains("patchbay_flag_evaluations_total{result=\"no_value\",task=\"scoring\"} 1");
    }

    @Test
    void aPersonTakesTheDecisionBackByTheFile() throws Exception {
        gateway.save(CONFIG.formatted("scoring").replace("flag: {key: scoring, unit: name}", "limits: {queue: 9}"));
        await().until(() -> route(call("scoring", "next")).equals("reason=DEFAULT;rev=2"));
        gateway.admin("POST", "/admin/v1/rollback", "{\"task\":\"scoring\",\"reason\":\"the flag was right\"}");
        assertThat(route(call("scoring", "next"))).isEqualTo("reason=FLAG;rule=scoring;rev=3");
    }

    @Test
    void aProviderThatHangsHarmsNobody() throws Exception {
        gateway.save(CONFIG.formatted("hangs"));
        await().until(() -> route(call("scoring", "next")).contains("skipped=hangs"));
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                String task = i % 2 == 0 ? "scoring" : "plain";
                asked.add(CompletableFuture.supplyAsync(() -> call(task, "next"), callers));
            }
            for (CompletableFuture<HttpResponse<String>> call : asked) {
                assertThat(call.join().statusCode()).isEqualTo(200);
                assertThat(route(call.join())).startsWith("reason=DEFAULT");
            }
        }
        assertThat(gateway.admin("events").toString()).contains("flag-failed", "hangs");
    }

    private JsonNode explain(String name) throws Exception {
        return RunningGateway.JSON.readTree(gateway.admin(
                        "POST",
                        "/admin/v1/explain",
                        "{\"task\":\"scoring\",\"request\":{\"name\":\"%s\"}}".formatted(name))
                .body());
    }

    private HttpResponse<String> call(String task, String name) {
        try {
            return gateway.post("/v1/inference/" + task, "{\"name\":\"%s\"}".formatted(name));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String route(HttpResponse<String> answer) {
        return answer.headers().firstValue("inference-route").orElse("none");
    }
}
