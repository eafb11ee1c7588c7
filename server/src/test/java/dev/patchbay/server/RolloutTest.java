package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Experiments over the ports of a running gateway: harm ends them, and a saved file does not bring them back.
class RolloutTest {

    private static final String CANARY = """
            inference:
              greeting:
                default_version: "1.0.0"
                experiments:
                  - {name: canary, %s, unit: name, version: "1.1.0"%s}
            """;

    /// Answers with an error whenever the request says so.
    private static SourceModule failing(String version) {
        return new SourceModule("Greeting", """
                @Module(task = "greeting", version = "%s", owner = "tests")
                public final class Greeting implements InferenceModule<Greeting.Request, Greeting.Answer> {
                    public record Request(String name) {}
                    public record Answer(String version) {}
                    public Answer predict(Request request, Call call) {
                        if ("%s".equals("1.1.0")) throw new IllegalStateException("the canary is broken");
                        return new Answer("%s");
                    }
                }
                """.formatted(version, version, version));
    }

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void prepare() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), CANARY.formatted("rollout: 50", ""))
                .with("greeting-1.0.0", failing("1.0.0"))
                .with("greeting-1.1.0", failing("1.1.0"));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void aCrashingCanaryIsGoneInSecondsAndStaysAwayUntilSomebodyAcknowledgesIt() throws Exception {
        gateway.start();
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            traffic(20);
            return rollout().path("state").asString().equals("halted");
        });
        assertThat(failures(40)).isZero();
        JsonNode decision = rollout().path("decision");
        assertThat(decision.path("author").asString()).isEqualTo("guard");
        assertThat(decision.path("reason").asString()).contains("failed");
        assertThat(gateway.admin("status").path("differs_from_file").toString()).contains("greeting");
        assertThat(gateway.admin("events").toString()).contains("rollout-halted");
        JsonNode revision = gateway.admin("revisions").path("revisions").get(0);
        assertThat(revision.path("author").asString()).isEqualTo("guard");
        assertThat(revision.path("source").asString()).isEqualTo("halt");

        // the same experiment with another share, as a pipeline saves it
        long before = gateway.admin("status").path("revision").asLong();
        gateway.save(CANARY.formatted("rollout: 60", ""));
        await().until(() -> gateway.admin("status").path("revision").asLong() > before);
        assertThat(failures(40)).isZero();
        // the same version by the back door
        gateway.save("inference: {greeting: {default_version: \"1.1.0\"}}");
        await().until(() -> !gateway.admin("status").path("problems").isEmpty());
        assertThat(gateway.admin("status").path("problems").toString())
                .contains("version 1.1.0 was taken away by guard", "patchbay rollout acknowledge greeting");
        assertThat(failures(40)).isZero();

        assertThat(decide("acknowledge", "").statusCode()).isEqualTo(422);
        assertThat(decide("promote", "\"reason\":\"no\"").body()).contains("halted and cannot be promoted");
        gateway.save(CANARY.formatted("rollout: 60", ", guard: {mode: observe}"));
        HttpResponse<String> lifted = decide("acknowledge", "\"reason\":\"it was the test\",\"author\":\"ana\"");
        assertThat(lifted.statusCode()).as(lifted.body()).isEqualTo(200);
        assertThat(failures(40)).isPositive();
    }

    @Test
    void aGuardThatObservesTellsAndLeavesAlone() throws Exception {
        gateway.save(CANARY.formatted("rollout: 50", ", guard: {mode: observe}"));
        gateway.start();
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            traffic(20);
            return gateway.admin("events").toString().contains("rollout-harm");
        });
        assertThat(rollout().path("state").asString()).isEqualTo("running");
        assertThat(rollout().path("verdict").asString()).isEqualTo("fail");
        assertThat(failures(40)).isPositive();
    }

    @Test
    void peopleTakeStepsPauseAndAbort() throws Exception {
        gateway.save(CANARY.formatted("steps: [1, 20, 100]", ", guard: {mode: off}"));
        gateway.start();
        assertThat(rollout().path("percent").asInt()).isEqualTo(1);
        assertThat(decide("promote", "\"reason\":\"looks well\"").body()).contains("\"percent\":20");
        assertThat(decide("pause", "\"reason\":\"weekend\"").body()).contains("\"state\":\"paused\"");
        assertThat(decide("resume", "\"reason\":\"monday\"").body()).contains("\"state\":\"running\"");
        assertThat(decide("promote", "\"reason\":\"all\",\"to\":100").body()).contains("\"state\":\"complete\"");
        assertThat(failures(20)).isEqualTo(20);
        assertThat(decide("promote", "\"reason\":\"more\"").body())
                .contains("which is the last step. To give it to everybody, set inference.greeting.default_version");
        assertThat(decide("abort", "\"reason\":\"broken\",\"author\":\"ana\"").statusCode())
                .isEqualTo(200);
        assertThat(failures(20)).isZero();
        assertThat(decide("abort", "\"reason\":\"again\"").statusCode()).isEqualTo(409);
        HttpResponse<String> unknown = gateway.admin("POST", "/admin/v1/rollout/greetin/abort", "{\"reason\":\"x\"}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("Did you mean 'greeting'?");
    }

    @Test
    void aRollbackSaysWhichDecisionsStillHoldAfterIt() throws Exception {
        gateway.save(CANARY.formatted("steps: [1, 20, 100]", ", guard: {mode: off}"));
        gateway.start();
        gateway.save(CANARY.formatted("steps: [1, 20, 100]", ", guard: {mode: off}") + "    limits: {queue: 99}\n");
        await().until(() -> gateway.admin("status").path("revision").asInt() == 2);
        decide("promote", "\"reason\":\"looks well\",\"author\":\"ana\"");
        HttpResponse<String> done =
                gateway.admin("POST", "/admin/v1/rollback", "{\"task\":\"greeting\",\"to_revision\":1}");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(RunningGateway.JSON.readTree(done.body()).path("decisions").toString())
                .isEqualTo("[{\"experiment\":\"canary\",\"version\":\"1.1.0\",\"percent\":20,\"author\":\"ana\","
                        + "\"reason\":\"looks well\"}]");
    }

    private HttpResponse<String> decide(String action, String members) throws Exception {
        return gateway.admin("POST", "/admin/v1/rollout/greeting/" + action, "{" + members + "}");
    }

    private JsonNode rollout() throws Exception {
        return gateway.admin("rollout/greeting").path("rollouts").get(0);
    }

    private void traffic(int calls) throws Exception {
        failures(calls);
    }

    private int failures(int calls) throws Exception {
        int failures = 0;
        for (int i = 0; i < calls; i++) {
            failures += gateway.post("/v1/inference/greeting", "{\"name\":\"unit-" + i + "\"}")
                                    .statusCode()
                            == 200
                    ? 0
                    : 1;
        }
        return failures;
    }
}
