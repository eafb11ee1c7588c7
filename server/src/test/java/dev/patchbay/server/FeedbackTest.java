package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What callers tell about answers finds the version that gave them.
class FeedbackTest {

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), """
                inference:
                  greeting:
                    default_version: "1.0.0"
                    outcomes: {accepted: higher, complaints: lower}
                    experiments:
                      - {name: canary, rollout: 50, unit: name, version: "1.1.0", guard: {outcomes: [accepted]}}
                """)
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"))
                .with("greeting-1.1.0", SourceModule.echo("greeting", "1.1.0"))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void acceptanceIsKnownByVersionAndEndsAnExperimentThatIsLikedLess() throws Exception {
        int old = 0;
        int canary = 0;
        for (int i = 0; i < 700; i++) {
            HttpResponse<String> answer = gateway.post("/v1/inference/greeting", "{\"name\":\"unit-" + i + "\"}");
            boolean ofCanary = answer.headers()
                    .firstValue("inference-version")
                    .orElseThrow()
                    .equals("1.1.0");
            boolean accepted = ofCanary ? canary++ % 4 == 0 : old++ % 4 != 0;
            HttpResponse<String> told = tell("\"request_id\":\"%s\",\"name\":\"accepted\",\"value\":%s"
                    .formatted(
                            answer.headers().firstValue("inference-request-id").orElseThrow(), accepted));
            assertThat(told.statusCode()).as(told.body()).isEqualTo(202);
        }
        JsonNode outcomes = gateway.admin("outcomes?task=greeting").path("outcomes");
        assertThat(outcomes).hasSize(2);
        JsonNode first = outcomes.get(0);
        assertThat(first.path("version").asString()).isEqualTo("1.0.0");
        assertThat(first.path("count").asInt()).isEqualTo(old);
        assertThat(first.path("mean").asDouble()).isBetween(0.73, 0.77);
        assertThat(first.path("low").asDouble()).isLessThan(0.75);
        assertThat(first.path("high").asDouble()).isGreaterThan(0.75);
        org.awaitility.Awaitility.await()
                .until(() -> gateway.admin("rollout/greeting").toString().contains("\"state\":\"halted\""));
        assertThat(gateway.admin("rollout/greeting").toString()).contains("outcome accepted is -0.");
    }

    @Test
    void feedbackCountsOnceAndByUnitAsWell() throws Exception {
        String id = gateway.post("/v1/inference/greeting", "{\"name\":\"x\"}")
                .headers()
                .firstValue("inference-request-id")
                .orElseThrow();
        String feedback = "\"request_id\":\"%s\",\"name\":\"complaints\",\"value\":3".formatted(id);
        assertThat(tell(feedback).body()).contains("\"counted\":true");
        assertThat(tell(feedback).body()).contains("\"counted\":false");
        String byUnit = "\"task\":\"greeting\",\"unit\":\"x\",\"name\":\"accepted\",\"value\":\"edited\"";
        assertThat(tell(byUnit).body()).contains("\"counted\":true");
        assertThat(tell(byUnit).body()).contains("\"counted\":false");
        assertThat(gateway.admin("outcomes").toString()).contains("\"labels\":{\"edited\":1}");
    }

    @Test
    void feedbackThatCannotBeJoinedIsRefusedWithWords() throws Exception {
        refused(
                "\"request_id\":\"nobody\",\"name\":\"accepted\",\"value\":true",
                404,
                "No answer 'nobody' is remembered");
        refused("\"name\":\"accepted\",\"value\":true", 422, "needs a request_id, or a task and a unit");
        refused(
                "\"task\":\"greeting\",\"unit\":\"x\",\"name\":\"acepted\",\"value\":true",
                422,
                "Did you mean 'accepted'?");
        refused("\"task\":\"greeting\",\"unit\":\"x\",\"name\":\"accepted\"", 422, "/value");
        refused("\"task\":\"greeting\",\"unit\":\"x\",\"name\":\"accepted\",\"value\":[]", 422, "/value");
        refused("\"task\":\"greeting\",\"unit\":\"x\",\"nam\":\"accepted\"", 422, "/nam");
        refused(
                "\"task\":\"greeting\",\"unit\":\"x\",\"name\":\"accepted\",\"value\":1,\"time\":\"soon\"",
                422,
                "must be a time such as");
        assertThat(gateway.post("/v1/feedback", "{").statusCode()).isEqualTo(400);
    }

    private void refused(String members, int status, String words) throws Exception {
        HttpResponse<String> answer = tell(members);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    private HttpResponse<String> tell(String members) throws Exception {
        return gateway.post("/v1/feedback", "{" + members + "}");
    }
}
