package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Reply;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers that are given to questions which only mean the same, where the config says so.
class SimilarCacheTest {

    /// Knows words of three things; nothing else has a direction.
    private static final SourceModule MEANING = new SourceModule("Meaning", """
            @Module(task = "meaning", version = "1.0.0", owner = "tests", lane = Lane.IO)
            public final class Meaning implements InferenceModule<Meaning.Text, Meaning.Vector> {
                public record Text(String text) {}
                public record Vector(List<Double> embedding) {}
                public Vector predict(Text text, Call call) {
                    if (text.text().contains("boom")) { throw new IllegalStateException("no"); }
                    double[] sum = new double[3];
                    for (String word : text.text().toLowerCase().split("[^a-z]+")) {
                        switch (word) {
                            case "night", "sleep" -> sum[0]++;
                            case "price", "cost" -> sum[1]++;
                            case "dog", "hound" -> sum[2]++;
                            default -> {}
                        }
                    }
                    return new Vector(List.of(sum[0], sum[1], sum[2]));
                }
            }
            """);

    private static final String QUESTION = """
            {"type": "object", "properties": {"question": {"type": "string"}, "language": {"type": "string"}},
             "required": ["question"], "additionalProperties": false}""";

    @TempDir
    Path folder;

    private final FakeProvider provider = FakeProvider.start(request -> Reply.text("All quiet"));
    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("served"), """
                llm:
                  providers: {p: {url: "%s"}}
                  models: {default: {provider: p, model: tiny}}
                  retry: {attempts: 1}
                inference:
                  ask:
                    default_version: 1.0.0
                    cache: {ttl: 1h, versions: [1.0.0], similar: {task: meaning, field: /question, threshold: 0.9}}
                  chat:
                    default_version: 1.0.0
                    cache:
                      ttl: 1h
                      versions: [1.0.0]
                      similar: {task: meaning@1.0.0, field: /messages/-/content, threshold: 0.9}
                  lost:
                    default_version: 1.0.0
                    cache: {ttl: 1h, versions: [1.0.0], similar: {task: chat, field: /question, threshold: 0.9}}
                  meaning: {default_version: 1.0.0}
                """.formatted(provider.url()));
        for (String task : new String[] {"ask", "lost"}) {
            PromptFolder.text(task, "1.0.0")
                    .with("request.schema.json", QUESTION)
                    .into(gateway.module(task));
        }
        PromptFolder.text("chat", "1.0.0")
                .without("user.md")
                .without("request.schema.json")
                .into(gateway.module("chat"));
        gateway.with("meaning", MEANING).start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        provider.close();
    }

    private String ask(String question, String... headers) throws Exception {
        return from(gateway.post("/v1/inference/ask", "{\"question\": \"%s\"}".formatted(question), headers));
    }

    private static String from(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("inference-cache").orElse("not kept");
    }

    @Test
    void whatMeansTheSameIsAnsweredOnce() throws Exception {
        assertThat(ask("How was the night of the dog?")).isEqualTo("miss");
        assertThat(ask("How was the night of the dog?")).isEqualTo("hit");
        assertThat(ask("Tell me: how did the hound sleep?")).isEqualTo("similar");
        assertThat(ask("What is the price of the dog?")).isEqualTo("miss");
        assertThat(ask("How was the night?")).as("a cosine of 0.7").isEqualTo("miss");

        assertThat(provider.received()).hasSize(3);
        assertThat(gateway.admin("GET", "/metrics", "").body())
                .contains("patchbay_cache_requests_total{result=\"similar\",task=\"ask\",version=\"1.0.0\"} 1.0")
                .contains("patchbay_cache_embedding_failures_total{task=\"ask\"} 0.0");
    }

    @Test
    void nothingCrossesATenantAParameterOrAStream() throws Exception {
        assertThat(ask("How was the night of the dog?", "inference-tenant", "acme"))
                .isEqualTo("miss");

        assertThat(ask("How did the hound sleep?", "inference-tenant", "other")).isEqualTo("miss");
        assertThat(ask("How did the hound sleep?")).as("without a tenant").isEqualTo("miss");
        assertThat(ask("How did the hound sleep at night?", "inference-tenant", "acme", "accept", "text/event-stream"))
                .as("a stream that was not shared says nothing")
                .isEqualTo("not kept");
        HttpResponse<String> spoken = gateway.post(
                "/v1/inference/ask",
                "{\"question\": \"How did the hound sleep?\", \"language\": \"de\"}",
                "inference-tenant",
                "acme");
        assertThat(from(spoken)).isEqualTo("miss");
        assertThat(provider.received()).hasSize(5);
        assertThat(ask("And how did the hound sleep?", "inference-tenant", "acme"))
                .isEqualTo("similar");
        assertThat(ask("The dog and his night?", "inference-tenant", "acme", "accept", "text/event-stream"))
                .isEqualTo("similar");
        assertThat(provider.received()).hasSize(5);
    }

    @Test
    void aCallerWhoWantsAnAnswerOfItsOwnGetsIt() throws Exception {
        ask("How was the night of the dog?");
        assertThat(ask("How did the hound sleep?", "cache-control", "no-cache")).isEqualTo("bypass");
        assertThat(provider.received()).hasSize(2);
    }

    @Test
    void conversationsAreComparedByTheirLastMessageAndEqualInTheRest() throws Exception {
        String chat = """
                {"model": "chat", "temperature": %s, "messages": [{"role": "user", "content": "%s"},
                 {"role": "assistant", "content": "Yes?"}, {"role": "user", "content": "%s"}]}""";
        String path = "/v1/chat/completions";
        gateway.post(path, chat.formatted("0.1", "Hello", "How was the night of the dog?"));

        assertThat(from(gateway.post(path, chat.formatted("0.1", "Hello", "How did the hound sleep?"))))
                .isEqualTo("similar");
        assertThat(from(gateway.post(path, chat.formatted("0.9", "Hello", "How did the hound sleep?"))))
                .isEqualTo("miss");
        assertThat(from(gateway.post(path, chat.formatted("0.1", "My cat is ill", "How did the hound sleep?"))))
                .isEqualTo("miss");
    }

    @Test
    void withoutAnEmbeddingTheVersionAnswers() throws Exception {
        assertThat(ask("boom, the night of the dog")).isEqualTo("miss");
        assertThat(ask("boom, the night of the dog")).as("equal is still equal").isEqualTo("hit");
        assertThat(ask("words that it does not know")).isEqualTo("miss");
        HttpResponse<String> lost = gateway.post("/v1/inference/lost", "{\"question\": \"The night of the dog?\"}");
        assertThat(from(lost)).isEqualTo("miss");
        assertThat(gateway.admin("GET", "/metrics", "").body())
                .contains("patchbay_cache_embedding_failures_total{task=\"ask\"} 2.0")
                .contains("patchbay_cache_embedding_failures_total{task=\"lost\"} 1.0");
    }
}
