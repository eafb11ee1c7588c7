package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Reply;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A prompt is replaced while its answers are being written: each ends on the version it began with.
class PromptSwapTest {

    private static final int STREAMS = 100;
    private static final String TEXT = "one two three four five six seven eight nine ten";

    @TempDir
    Path folder;

    private static String config(FakeProvider provider, String version, String model) {
        return """
                llm:
                  providers: {p: {url: "%s"}}
                  models: {default: {provider: p, model: %s}}
                inference: {ask: {default_version: %s, limits: {concurrency: 200}}}
                """.formatted(provider.url(), model, version);
    }

    @Test
    void aHundredOpenStreamsEndWholeOnTheVersionAndTheModelTheyBeganWith() throws Exception {
        try (FakeProvider provider =
                        FakeProvider.start(request -> Reply.text(TEXT).paced(Duration.ofMillis(200)));
                RunningGateway gateway =
                        new RunningGateway(folder.resolve("served"), config(provider, "1.0.0", "old"));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            PromptFolder.text("ask", "1.0.0").into(gateway.module("ask-1.0.0"));
            PromptFolder.text("ask", "2.0.0").into(gateway.module("ask-2.0.0"));
            gateway.start();

            List<Future<HttpResponse<String>>> before = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                before.add(callers.submit(() -> ask(gateway)));
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(provider.inside()).isEqualTo(STREAMS));
            gateway.save(config(provider, "2.0.0", "new"));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(ask(gateway).body()).contains("\"model\":\"new\""));
            SourceModule.remove(gateway.module("ask-1.0.0"));

            for (Future<HttpResponse<String>> call : before) {
                HttpResponse<String> answer = call.get();
                assertThat(answer.headers().firstValue("inference-version")).contains("1.0.0");
                assertThat(answer.body())
                        .contains(
                                "event: result\ndata: {\"text\":\"" + TEXT + "\",\"finish\":\"stop\",\"model\":\"old\"")
                        .doesNotContain("event: error");
            }
            assertThat(ask(gateway).headers().firstValue("inference-version")).contains("2.0.0");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(gateway.admin("modules").toString())
                            .doesNotContain("\"version\":\"1.0.0\",\"state\":\"ready\"")
                            .doesNotContain("\"version\":\"1.0.0\",\"state\":\"draining\""));
        }
    }

    private static HttpResponse<String> ask(RunningGateway gateway) throws Exception {
        return gateway.post("/v1/inference/ask", "{\"question\": \"Count\"}", "accept", "text/event-stream");
    }
}
