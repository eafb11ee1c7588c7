package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Fault;
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
import tools.jackson.databind.JsonNode;

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
            awaitUnloaded(gateway, "ask");
        }
    }

    /// Asks the prompt and gives its answer in parts, with a class loader of its own.
    private static SourceModule teller(String version) {
        return new SourceModule("Teller", """
                @Module(task = "tell", version = "%1$s", owner = "tests", lane = Lane.IO)
                public final class Teller implements StreamingModule<Teller.Question, Teller.Part, Teller.Told> {
                    public record Question(String question) {}
                    public record Part(String text) {}
                    public record Said(String text) {}
                    public record Told(String text, String version) {}
                    public Told stream(Question question, Call call, Parts<Part> parts) {
                        parts.emit(new Part("begun"));
                        String said = call.infer("ask", question, Said.class).text();
                        for (String word : said.split(" ")) {
                            parts.emit(new Part(word));
                        }
                        return new Told(said, "%1$s");
                    }
                }
                """.formatted(version));
    }

    @Test
    void theLoaderOfAModuleThatWasChangedUnderAHundredOpenStreamsDies() throws Exception {
        String config = """
                llm:
                  providers: {p: {url: "%s"}}
                  models: {default: {provider: p, model: m}}
                inference:
                  ask: {default_version: 1.0.0, limits: {concurrency: 200}}
                  tell: {default_version: %s, limits: {concurrency: 200}}
                """;
        try (FakeProvider provider = FakeProvider.start(request ->
                        Reply.text(TEXT).failing(Fault.SLOW_FIRST_TOKEN).paced(Duration.ofSeconds(3)));
                RunningGateway gateway = new RunningGateway(
                                folder.resolve("told"), config.formatted(provider.url(), "1.0.0"))
                        .with("tell-1.0.0", teller("1.0.0"))
                        .with("tell-2.0.0", teller("2.0.0"));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            PromptFolder.text("ask", "1.0.0").into(gateway.module("ask-1.0.0"));
            gateway.start();

            List<Future<HttpResponse<String>>> before = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                before.add(callers.submit(() -> tell(gateway)));
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(provider.inside()).isEqualTo(STREAMS));
            gateway.save(config.formatted(provider.url(), "2.0.0"));
            provider.answering(request -> Reply.text("new"));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(tell(gateway).headers().firstValue("inference-version"))
                            .contains("2.0.0"));
            SourceModule.remove(gateway.module("tell-1.0.0"));

            for (Future<HttpResponse<String>> call : before) {
                HttpResponse<String> answer = call.get();
                assertThat(answer.headers().firstValue("inference-version")).contains("1.0.0");
                assertThat(answer.body().split("event: part")).hasSize(12);
                assertThat(answer.body())
                        .endsWith("event: result\ndata: {\"text\":\"" + TEXT + "\",\"version\":\"1.0.0\"}\n\n");
            }
            awaitUnloaded(gateway, "tell");
        }
    }

    /// Waits until the class loader of a task's version 1.0.0 is collected.
    private static void awaitUnloaded(RunningGateway gateway, String task) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            System.gc();
            JsonNode module = module(gateway, task, "1.0.0");
            assertThat(module.path("state").asString()).isEqualTo("gone");
            assertThat(module.path("loader").asString()).isEqualTo("unloaded");
        });
    }

    private static JsonNode module(RunningGateway gateway, String task, String version) throws Exception {
        for (JsonNode module : gateway.admin("modules").path("modules")) {
            if (module.path("task").asString().equals(task)
                    && module.path("version").asString().equals(version)) {
                return module;
            }
        }
        throw new AssertionError(task + " " + version + " is not listed");
    }

    private static HttpResponse<String> tell(RunningGateway gateway) throws Exception {
        return gateway.post("/v1/inference/tell", "{\"question\": \"Count\"}", "accept", "text/event-stream");
    }

    private static HttpResponse<String> ask(RunningGateway gateway) throws Exception {
        return gateway.post("/v1/inference/ask", "{\"question\": \"Count\"}", "accept", "text/event-stream");
    }
}
