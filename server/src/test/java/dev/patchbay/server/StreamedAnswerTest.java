package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stream is complete when it has its result, and only then.
class StreamedAnswerTest {

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

    @Test
    void partsComeFirstAndTheWholeAnswerLast() throws Exception {
        HttpResponse<String> answer = ask("{\"name\":\"felix\"}");
        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(answer.headers().firstValue("inference-version")).contains("1.0.0");
        assertThat(answer.body()).isEqualTo("""
                event: part
                data: {"text":"one"}

                event: part
                data: {"text":"two"}

                event: result
                data: {"name":"felix","version":"1.0.0"}

                """);
    }

    @Test
    void aFailureOnTheWayIsTheLastEventInsteadOfTheResult() throws Exception {
        HttpResponse<String> answer = ask("{\"name\":\"felix\",\"fail\":\"typed\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("event: part\ndata: {\"text\":\"one\"}\n\nevent: error\ndata: {")
                .contains("\"code\":\"dependency-failed\"")
                .doesNotContain("event: result")
                .endsWith("}\n\n");
    }

    @Test
    void aFailureBeforeTheFirstPartIsAPlainError() throws Exception {
        HttpResponse<String> answer = ask("{\"name\":\"\"}");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    }

    @Test
    void whoeverAsksForAPlainAnswerGetsOnlyTheResult() throws Exception {
        HttpResponse<String> answer = gateway.post("/v1/inference/greeting", "{\"name\":\"felix\"}");
        assertThat(answer.body()).isEqualTo("{\"name\":\"felix\",\"version\":\"1.0.0\"}");
    }

    private static HttpResponse<String> ask(String body) throws Exception {
        return gateway.post("/v1/inference/greeting", body, "accept", "text/event-stream");
    }
}
