package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A constant that answers for a task that fails, in the words of whoever asked.
class ConstantFallbackTest {

    private static final String FAILING = "{\"name\": \"felix\", \"fail\": \"bug\"}";

    @TempDir
    Path folder;

    @Test
    void aConstantIsSaidAsTheCallerWantsIt() throws Exception {
        try (RunningGateway gateway = new RunningGateway(folder.resolve("served"), """
                        inference:
                          greeting:
                            default_version: 1.0.0
                            fallback: {answer: {name: sorry, version: none}}
                        """)
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"))
                .start()) {
            HttpResponse<String> own = gateway.post("/v1/inference/greeting", FAILING);
            assertThat(own.body()).isEqualTo("{\"name\":\"sorry\",\"version\":\"none\"}");
            assertThat(own.headers().firstValue("inference-route").orElse("")).contains("reason=FALLBACK");

            String text = RunningGateway.JSON.writeValueAsString(FAILING);
            HttpResponse<String> generated =
                    gateway.post("/v2/models/greeting/generate", "{\"text_input\": %s}".formatted(text));
            assertThat(generated.statusCode()).isEqualTo(200);
            assertThat(RunningGateway.JSON
                            .readTree(generated.body())
                            .path("text_output")
                            .asString())
                    .isEqualTo("{\"name\":\"sorry\",\"version\":\"none\"}");

            HttpResponse<String> chat = gateway.post(
                    "/v1/chat/completions",
                    "{\"model\": \"greeting\", \"messages\": [{\"role\": \"user\", \"content\": %s}]}".formatted(text));
            assertThat(chat.statusCode()).isEqualTo(200);
            assertThat(RunningGateway.JSON
                            .readTree(chat.body())
                            .at("/choices/0/message/content")
                            .asString())
                    .contains("sorry");

            HttpResponse<String> tensors = gateway.post(
                    "/v2/models/greeting/infer",
                    "{\"inputs\": [{\"name\": \"request\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [%s]}]}"
                            .formatted(text));
            assertThat(tensors.statusCode()).as(tensors.body()).isEqualTo(500);
            assertThat(tensors.body()).startsWith("{\"error\":");
        }
    }
}
