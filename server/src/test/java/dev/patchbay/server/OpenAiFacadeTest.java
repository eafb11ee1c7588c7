package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Fault;
import dev.patchbay.llm.fake.Reply;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tasks answer to OpenAI's protocol: conversations, prompts and modules that know nothing of chats.
class OpenAiFacadeTest {

    @TempDir
    static Path folder;

    static final FakeProvider PROVIDER = FakeProvider.start();
    static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("served"), """
                        llm:
                          providers: {p: {url: "%s"}}
                          models: {default: {provider: p, model: tiny}}
                          timeouts: {idle: 500ms}
                          retry: {attempts: 1}
                        inference:
                          chat: {default_version: 1.0.0}
                          ask: {default_version: 1.0.0}
                          greeting: {default_version: 1.0.0}
                        """.formatted(PROVIDER.url()))
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"));
        PromptFolder.text("chat", "1.0.0")
                .without("user.md")
                .without("request.schema.json")
                .into(gateway.module("chat-1.0.0"));
        PromptFolder.text("ask", "1.0.0").into(gateway.module("ask-1.0.0"));
        gateway.start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        PROVIDER.close();
    }

    @BeforeEach
    void quiet() {
        PROVIDER.answering(request -> Reply.text("All is quiet"));
    }

    private static HttpResponse<String> chat(String body) throws Exception {
        return gateway.post("/v1/chat/completions", body, "authorization", "Bearer none");
    }

    private static JsonNode last() {
        return PROVIDER.received().getLast().body();
    }

    @Test
    void aConversationIsAnsweredAndUnknownFieldsReachTheProvider() throws Exception {
        PROVIDER.answering(request -> Reply.text("All is quiet").counting(new Reply.Counted(10, 4, 3)));
        HttpResponse<String> answer = chat("""
                {"model": "chat", "temperature": 0.3, "seed": 7, "max_tokens": 9,
                 "messages": [{"role": "user", "content": [{"type": "text", "text": "How was it?"}]}]}""");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode json = RunningGateway.JSON.readTree(answer.body());
        assertThat(json.path("object").asString()).isEqualTo("chat.completion");
        assertThat(json.path("model").asString()).isEqualTo("chat");
        assertThat(json.at("/choices/0/message/content").asString()).isEqualTo("All is quiet");
        assertThat(json.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(json.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":10,\"completion_tokens\":3,\"total_tokens\":13,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}}");
        assertThat(last().path("temperature").asDouble()).isEqualTo(0.3);
        assertThat(last().path("seed").asInt()).isEqualTo(7);
        assertThat(last().path("max_tokens").asInt()).isEqualTo(9);
        assertThat(last().path("model").asString()).isEqualTo("tiny");
        assertThat(last().at("/messages/1/content/0/text").asString()).isEqualTo("How was it?");
    }

    @Test
    void aStreamEndsWithItsFinishItsUsageAndDone() throws Exception {
        List<String> lines =
                chat("""
                {"model": "chat@1.0.0", "stream": true, "stream_options": {"include_usage": true},
                 "messages": [{"role": "user", "content": "How was it?"}]}""").body().lines().filter(line -> !line.isEmpty()).toList();

        assertThat(lines.getFirst()).contains("\"delta\":{\"role\":\"assistant\",\"content\":\"All\"}");
        assertThat(lines.get(1)).contains("\"delta\":{\"content\":\" is\"},\"finish_reason\":null");
        assertThat(lines.get(3)).contains("\"delta\":{},\"finish_reason\":\"stop\"");
        assertThat(lines.get(4)).contains("\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3");
        assertThat(lines.get(5)).isEqualTo("data: [DONE]");
        assertThat(lines).hasSize(6);
    }

    @Test
    void aStreamThatBrokeOffHasAnErrorAndIsNeverDone() throws Exception {
        PROVIDER.answering(request -> Reply.text("All is quiet").failing(Fault.TRUNCATED, 2));
        String body = chat("""
                {"model": "chat", "stream": true, "messages": [{"role": "user", "content": "How was it?"}]}""").body();

        assertThat(body)
                .contains("data: {\"error\":{\"message\":\"The answer of model 'default' broke off;")
                .contains("\"type\":\"server_error\",\"param\":null,\"code\":\"dependency-failed\"}}")
                .doesNotContain("[DONE]", "\"finish_reason\":\"stop\"");
    }

    @Test
    void aPromptWithOneTextIsAskedWithTheLastMessage() throws Exception {
        chat("""
                {"model": "ask", "messages": [{"role": "system", "content": "Be long."},
                 {"role": "user", "content": "How was it?"}]}""");
        assertThat(last().path("messages").toString())
                .isEqualTo("[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                        + "{\"role\":\"user\",\"content\":\"Question: How was it?\"}]");
    }

    @Test
    void anyOtherTaskIsAskedInItsOwnJsonAndAnswersInIt() throws Exception {
        String answer = chat("""
                {"model": "greeting", "messages": [{"role": "user", "content": "{\\"name\\": \\"felix\\", \\"weight\\": 0.5}"}]}""").body();
        assertThat(RunningGateway.JSON
                        .readTree(answer)
                        .at("/choices/0/message/content")
                        .asString())
                .isEqualTo("{\"name\":\"felix\",\"version\":\"1.0.0\"}");
    }

    @Test
    void errorsHaveTheirShape() throws Exception {
        HttpResponse<String> unknown = chat("{\"model\": \"caht\", \"messages\": []}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body())
                .startsWith("{\"error\":{\"message\":\"")
                .contains("caht", "chat", "\"type\":\"invalid_request_error\"", "\"code\":\"unknown-task\"");
        assertThat(chat("{\"model\": \"chat\"}").body()).contains("must be a list of messages");
        assertThat(chat("{\"messages\": []}").body()).contains("is missing; it is the name of a task");
        assertThat(chat("{\"model\": \"chat\", \"messages\": [{\"role\": \"cat\"}]}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(chat("nonsense").statusCode()).isEqualTo(400);
    }

    @Test
    void modelsAreTheTasksThatAreReady() throws Exception {
        JsonNode list = RunningGateway.JSON.readTree(gateway.get("/v1/models").body());
        assertThat(list.path("data").size()).isEqualTo(3);
        assertThat(list.at("/data/1/id").asString()).isEqualTo("chat");
        assertThat(list.at("/data/1/owned_by").asString()).isEqualTo("tests");
        assertThat(gateway.get("/v1/models/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void whoeverLeavesAStreamEndsItAtTheProvider() throws Exception {
        PROVIDER.answering(request -> Reply.text("a b c d e f g h i j k l m n o p q r s t u v w x y z")
                .paced(java.time.Duration.ofMillis(100)));
        int before = PROVIDER.abandoned();
        try (InputStream events = gateway.open(
                "/v1/chat/completions",
                "{\"model\": \"chat\", \"stream\": true, \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}")) {
            assertThat(events.read()).isPositive();
        }
        await().untilAsserted(() -> assertThat(PROVIDER.abandoned()).isEqualTo(before + 1));
    }
}
