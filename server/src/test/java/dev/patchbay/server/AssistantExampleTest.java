package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `examples/assistant` as it is served, without a network beyond this machine.
class AssistantExampleTest {

    private static final Path EXAMPLE = Path.of("../examples/assistant");

    static GatewayServer server;
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        server = GatewayServer.start(new ServeOptions(EXAMPLE.toRealPath(), null, "127.0.0.1", 0, 0, "tests"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        CLIENT.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ticket_summary|2.0.0|{\"summary\":\"The feeder reports an empty bowl although it is full;",
                "translation|1.0.0|{\"text\":\"Wo ist meine Katze?\",\"finish\":\"stop\"",
                "sentiment|1.0.0|{\"mood\":\"bad\"",
                "document_answer|1.0.0|{\"answer\":\"Twice a day, morning and evening.\",\"quote\":\"Feed adult",
                "compliance_check|1.0.0|{\"allowed\":false,\"problems\":[\"promises a cure\"]}",
                "chat|1.0.0|{\"text\":\"This is the fake provider 'play'. You asked: My cat sneezes. Write to zoe@example.org!",
            })
    void everyTaskAnswersItsRequest(String task, String version, String answer) throws Exception {
        HttpResponse<String> response = ask(task, Files.readString(EXAMPLE.resolve("requests/" + task + ".json")));
        assertThat(response.body()).startsWith(answer);
        assertThat(response.headers().firstValue("inference-version")).contains(version);
    }

    @Test
    void whatIsWantedIsFoundByMeaningAndAsked() throws Exception {
        assertThat(ask("help", Files.readString(EXAMPLE.resolve("requests/help.json")))
                        .body())
                .startsWith("{\"intent\":\"mood\",\"by\":\"meaning\",\"confidence\":0.")
                .endsWith(
                        "\"task\":\"sentiment\",\"answer\":{\"mood\":\"bad\",\"because\":\"waited three weeks and got the wrong size\"}}");
    }

    @Test
    void aRuleComesBeforeMeaning() throws Exception {
        assertThat(ask("help", "{\"text\": \"Is this review good for compliance?\"}")
                        .body())
                .startsWith(
                        "{\"intent\":\"check_text\",\"by\":\"rule\",\"confidence\":1.0,\"task\":\"compliance_check\"");
    }

    @Test
    void whatIsNoneOfTheIntentsIsToldAndExplained() throws Exception {
        HttpResponse<String> unknown = ask("help", "{\"text\": \"Sourdough rises overnight\"}");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(unknown.body()).contains("This is none of the intents check_text, mood, translate;");
        assertThat(ask("help", "{\"text\": \"Translate the manual into Dutch\", \"explain\": true}")
                        .body())
                .startsWith("{\"intent\":\"translate\",\"by\":\"meaning\"")
                .contains("\"ranked\":[{")
                .doesNotContain("\"answer\"");
    }

    private static HttpResponse<String> ask(String task, String body) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/inference/" + task))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
