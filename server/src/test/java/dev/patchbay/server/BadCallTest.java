package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.server.answer.ProblemRefusals;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.Refusal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What a caller does wrong is the caller's to know: status, code, field, and what to do.
class BadCallTest {

    @TempDir
    static Path folder;

    static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), "inference: {greeting: {default_version: 1.0.0}}")
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    record Bad(String what, String path, String body, int status, String code, String detail) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static final String GREETING = "/v1/inference/greeting";

    static Stream<Bad> bad() {
        return Stream.of(
                new Bad(
                        "no body",
                        GREETING,
                        "",
                        400,
                        "malformed-request",
                        "The request has no body. Send the task's JSON; GET /v1/tasks shows its schema"),
                new Bad(
                        "half a body",
                        GREETING,
                        "{\"name\": \"fe",
                        400,
                        "malformed-request",
                        "The JSON is cut off (line 1, column 13)"),
                new Bad(
                        "two bodies",
                        GREETING,
                        "{\"name\":\"a\"} {\"name\":\"b\"}",
                        400,
                        "malformed-request",
                        "The body is no valid JSON: there is more after its end (line 1, column 14)"),
                new Bad("a duplicate key", GREETING, "{\"name\":\"a\",\"name\":\"b\"}", 400, "malformed-request", ""),
                new Bad(
                        "NaN",
                        GREETING,
                        "{\"name\":\"a\",\"weight\":NaN}",
                        400,
                        "malformed-request",
                        "The body is no valid JSON: NaN and Infinity are no JSON numbers (line 1, column 25)"),
                new Bad(
                        "a number in hexadecimal",
                        GREETING,
                        "{\"name\":\"a\",\"weight\":0x1}",
                        400,
                        "malformed-request",
                        "The body is no valid JSON: Unexpected character ('x' (code 120)) (line 1, column 23)"),
                new Bad(
                        "a comment",
                        GREETING,
                        "/* a */ {\"name\":\"a\"}",
                        400,
                        "malformed-request",
                        "The body is no valid JSON: Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (line 1, column 1)"),
                new Bad(
                        "a long name",
                        GREETING,
                        "{\"" + "x".repeat(2_000) + "\":1}",
                        400,
                        "malformed-request",
                        "A field's name in the JSON has more than 1000 characters"),
                new Bad(
                        "nested too deep",
                        GREETING,
                        "[".repeat(5_000),
                        400,
                        "malformed-request",
                        "The JSON is nested deeper than 64 levels"),
                new Bad(
                        "a list",
                        GREETING,
                        "[]",
                        422,
                        "invalid-request",
                        "The request does not fit the task's schema: it must be an object, but is a list"),
                new Bad(
                        "a missing field",
                        GREETING,
                        "{}",
                        422,
                        "invalid-request",
                        "The request does not fit the task's schema: /name is missing"),
                new Bad(
                        "a wrong type",
                        GREETING,
                        "{\"name\":7}",
                        422,
                        "invalid-request",
                        "The request does not fit the task's schema: /name must be a text, but is 7"),
                new Bad(
                        "an unknown field",
                        GREETING,
                        "{\"name\":\"a\",\"nmae\":\"b\"}",
                        422,
                        "invalid-request",
                        "The request does not fit the task's schema: /nmae is no field here. Did you mean 'name'?"),
                new Bad(
                        "too long",
                        GREETING,
                        "{\"name\":\"" + "x".repeat(21) + "\"}",
                        422,
                        "invalid-request",
                        "The request does not fit the task's schema: /name must have at most 20 characters, but has 21"),
                new Bad(
                        "out of range",
                        GREETING,
                        "{\"name\":\"a\",\"weight\":1.5}",
                        422,
                        "invalid-request",
                        "The request does not fit the task's schema: /weight must be at most 1, but is 1.5"),
                new Bad(
                        "a field of an item",
                        GREETING,
                        "{\"name\":\"a\",\"items\":[{\"amount\":1},{\"amount\":0}]}",
                        422,
                        "invalid-request",
                        "The request does not fit the task's schema: /items/1/amount must be at least 1, but is 0"),
                new Bad("a blank name", GREETING, "{\"name\":\"  \"}", 422, "invalid-request", ""),
                new Bad(
                        "a task that nearly exists",
                        "/v1/inference/greting",
                        "{}",
                        404,
                        "unknown-task",
                        "There is no task 'greting'. Did you mean greeting? GET /v1/tasks lists all"),
                new Bad(
                        "a task nobody knows",
                        "/v1/inference/zzz",
                        "{}",
                        404,
                        "unknown-task",
                        "There is no task 'zzz'. GET /v1/tasks lists those there are"),
                new Bad(
                        "a version nobody knows",
                        GREETING + "/versions/9.9.9",
                        "{\"name\":\"a\"}",
                        404,
                        "unknown-version",
                        ""),
                new Bad("a path nobody knows", "/v1/infer/greeting", "{}", 404, "not-found", ""));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void isTold(Bad bad) throws Exception {
        HttpResponse<String> answer = gateway.post(bad.path(), bad.body(), "content-type", "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(bad.status());
        JsonNode problem = RunningGateway.JSON.readTree(answer.body());
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(problem.path("code").asString()).isEqualTo(bad.code());
        if (!bad.detail().isEmpty()) {
            assertThat(problem.path("detail").asString()).isEqualTo(bad.detail());
        }
        assertThat(answer.body()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void allThatIsWrongIsToldAtOnce() throws Exception {
        HttpResponse<String> answer = gateway.post(
                "/v1/inference/greeting",
                "{\"name\":\"\",\"weight\":-1,\"items\":[{}],\"x\":1}",
                "content-type",
                "application/json");
        JsonNode errors = RunningGateway.JSON.readTree(answer.body()).path("errors");
        assertThat(errors.valueStream().map(error -> error.path("path").asString()))
                .containsExactlyInAnyOrder("/name", "/weight", "/items/0/amount", "/x");
    }

    @Test
    void anotherContentTypeIsRefused() throws Exception {
        HttpResponse<String> answer =
                gateway.post("/v1/inference/greeting", "a=1", "content-type", "application/x-www-form-urlencoded");
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body())
                .contains("The body is declared as 'application/x-www-form-urlencoded'; a task takes application/json");
    }

    @Test
    void aPackedBodyIsRefused() throws Exception {
        HttpResponse<String> answer =
                gateway.post("/v1/inference/greeting", "{\"name\":\"a\"}", "content-encoding", "gzip");
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body())
                .contains("The body is declared as packed with 'gzip'; send it as it is, without Content-Encoding");
        assertThat(gateway.post("/v1/inference/greeting", "{\"name\":\"a\"}", "content-encoding", "identity")
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void theDocumentTellsTheStatusOfItsAnswer(Refusal refusal) {
        Answer answer = new ProblemRefusals().answer(refusal, "/v1/tasks", "no");
        assertThat(answer.status()).isEqualTo(refusal.status());
        assertThat(RunningGateway.JSON.readTree(answer.body()).path("status").asInt())
                .isEqualTo(refusal.status());
    }

    @Test
    void anAnswerInAnotherFormIsRefused() throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/inference/greeting", "{\"name\":\"a\"}", "accept", "text/csv");
        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(answer.body())
                .contains(
                        "Accept is 'text/csv'; a task answers with application/json, or with text/event-stream as it goes");
    }

    @Test
    void aTimeoutThatIsNoneIsRefused() throws Exception {
        HttpResponse<String> answer =
                gateway.post("/v1/inference/greeting", "{\"name\":\"a\"}", "inference-timeout", "soon");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("Inference-Timeout is 'soon'; it is a number and a unit, such as 250ms, 5s or 1m");
    }

    @Test
    void aBodyLargerThanAllowedIsRefused() throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/inference/greeting", " ".repeat((1 << 20) + 1));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("\"code\":\"payload-too-large\"");
    }

    @Test
    void aModuleThatFailsSaysNothingOfItsInside() throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/inference/greeting", "{\"name\":\"a\",\"fail\":\"bug\"}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("\"code\":\"module-failed\"").doesNotContain("secret", "IllegalState");
        assertThat(answer.headers().firstValue("inference-version")).contains("1.0.0");
    }

    @Test
    void aModulesOwnErrorIsPassedOn() throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/inference/greeting", "{\"name\":\"a\",\"fail\":\"typed\"}");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("the bowl is offline");
    }

    @Test
    void aCallThatTakesTooLongEndsWhenTheCallerSaid() throws Exception {
        HttpResponse<String> answer =
                gateway.post("/v1/inference/greeting", "{\"name\":\"a\",\"sleep\":60000}", "inference-timeout", "50ms");
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("greeting 1.0.0 did not answer within 50 ms; the call was running.");
    }
}
