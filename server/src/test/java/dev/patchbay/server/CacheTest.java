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

/// Answers of a prompt that are kept, as callers and operators see them.
class CacheTest {

    private static final String QUESTION = "{\"question\": \"How was the night?\"}";

    @TempDir
    Path folder;

    private final FakeProvider first = FakeProvider.start(request -> Reply.text("All quiet"));
    private final FakeProvider second = FakeProvider.start(request -> Reply.text("Some barking"));
    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("served"), config(first));
        PromptFolder.text("ask", "1.0.0", "  fallback: backup").into(gateway.module("ask"));
        PromptFolder.text("backup", "1.0.0").with("module.yaml", """
                        task: backup
                        version: 1.0.0
                        owner: tests
                        llm: {model: other}
                        """).into(gateway.module("backup"));
        gateway.start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        first.close();
        second.close();
    }

    private String config(FakeProvider provider) {
        return """
                llm:
                  providers:
                    p: {url: "%s"}
                    q: {url: "%s"}
                  models:
                    default: {provider: p, model: tiny}
                    other: {provider: q, model: tiny}
                  retry: {attempts: 1}
                inference:
                  ask: {default_version: 1.0.0, cache: {ttl: 1h, versions: [1.0.0]}}
                  backup: {default_version: 1.0.0}
                """.formatted(provider.url(), second.url());
    }

    private HttpResponse<String> ask(String... headers) throws Exception {
        return gateway.post("/v1/inference/ask", QUESTION, headers);
    }

    private static String from(HttpResponse<String> answer) {
        return answer.headers().firstValue("inference-cache").orElse("not kept");
    }

    @Test
    void theModelIsAskedOnceAndTheCallerIsTold() throws Exception {
        HttpResponse<String> before = ask();
        HttpResponse<String> again = ask("inference-request-id", "mine");
        assertThat(from(before)).isEqualTo("miss");
        assertThat(from(again)).isEqualTo("hit");
        assertThat(again.body()).isEqualTo(before.body());
        assertThat(again.headers().firstValue("inference-request-id")).contains("mine");
        assertThat(again.headers().firstValue("inference-version")).contains("1.0.0");
        assertThat(from(ask("cache-control", "no-cache"))).isEqualTo("bypass");
        assertThat(first.received()).hasSize(2);
        assertThat(gateway.admin("GET", "/metrics", "").body())
                .contains("patchbay_cache_requests_total{result=\"hit\",task=\"ask\",version=\"1.0.0\"} 1.0")
                .contains("patchbay_cache_answers{task=\"ask\"} 1.0");
    }

    @Test
    void clientsOfOtherProtocolsShareTheAnswers() throws Exception {
        HttpResponse<String> own = ask();
        HttpResponse<String> chat = gateway.post(
                "/v1/chat/completions",
                "{\"model\": \"ask\", \"messages\": [{\"role\": \"user\", \"content\": \"How was the night?\"}]}",
                "inference-request-id",
                "mine");
        assertThat(from(chat)).isEqualTo("hit");
        assertThat(chat.body()).contains("\"content\":\"All quiet\"", "\"id\":\"chatcmpl-mine\"");
        assertThat(own.body()).doesNotContain("chatcmpl");
        assertThat(first.received()).hasSize(1);
    }

    @Test
    void aStreamIsKeptApartAndGivenAgainAtOnce() throws Exception {
        ask();
        HttpResponse<String> before = ask("accept", "text/event-stream");
        HttpResponse<String> again = ask("accept", "text/event-stream");
        assertThat(before.body()).contains("event: part\ndata: {\"text\":\"All\"}", "event: result");
        assertThat(from(again)).isEqualTo("hit");
        assertThat(again.body()).isEqualTo(before.body().substring(before.body().indexOf("event: result")));
        assertThat(first.received()).hasSize(2);
        String chat = """
                {"model": "ask", "stream": true, "messages": [{"role": "user", "content": "How was the night?"}]}""";
        HttpResponse<String> streamed = gateway.post("/v1/chat/completions", chat);
        assertThat(from(streamed)).isEqualTo("hit");
        assertThat(streamed.body())
                .contains("\"content\":\"All quiet\"", "\"finish_reason\":\"stop\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void whatTheFallbackSaidIsNotKept() throws Exception {
        first.then(Reply.status(500, "the engine died"));
        assertThat(ask().body()).contains("Some barking");
        HttpResponse<String> again = ask();
        assertThat(from(again)).isEqualTo("miss");
        assertThat(again.body()).contains("All quiet");
    }

    @Test
    void anotherModelBehindTheSameVersionIsAsked() throws Exception {
        ask();
        gateway.save(config(second));
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(ask().body()).contains("Some barking"));
    }

    @Test
    void anOperatorSeesAndClearsWhatIsKept() throws Exception {
        ask();
        assertThat(gateway.admin("cache").toString())
                .matches("\\{\"tasks\":\\[\\{\"task\":\"ask\",\"answers\":1,\"bytes\":\\d+,\"evicted\":0}]}");
        assertThat(gateway.admin("DELETE", "/admin/v1/cache/ask", "").body()).contains("\"answers\":1");
        assertThat(from(ask())).isEqualTo("miss");
    }
}
