package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Fault;
import dev.patchbay.llm.fake.Reply;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tasks answer to Anthropic's protocol, and to OpenAI's for embeddings.
class AnthropicFacadeTest {

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
                        inference: {chat: {default_version: 1.0.0}, embed: {default_version: 1.0.0}}
                        """.formatted(PROVIDER.url()))
                .with("embed-1.0.0", new SourceModule("Embed", """
                                @Module(task = "embed", version = "1.0.0", owner = "tests")
                                public final class Embed implements InferenceModule<Embed.Request, Embed.Answer> {
                                    public record Request(String text) {}
                                    public record Answer(List<Double> vector) {}
                                    public Answer predict(Request request, Call call) {
                                        return new Answer(List.of((double) request.text().length(), 0.5));
                                    }
                                }
                                """));
        PromptFolder.text("chat", "1.0.0")
                .without("user.md")
                .without("request.schema.json")
                .into(gateway.module("chat-1.0.0"));
        gateway.start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        PROVIDER.close();
    }

    private static HttpResponse<String> ask(String body) throws Exception {
        return gateway.post("/v1/messages", body, "x-api-key", "none", "anthropic-version", "2023-06-01");
    }

    @Test
    void aMessageIsAnswered() throws Exception {
        PROVIDER.answering(request -> Reply.text("All is quiet").counting(new Reply.Counted(10, 4, 3)));
        HttpResponse<String> answer = ask("""
                {"model": "chat", "max_tokens": 50, "system": "Speak softly.", "stop_sequences": ["x"],
                 "messages": [{"role": "user", "content": [{"type": "text", "text": "How was it?"}]}]}""");

        JsonNode json = RunningGateway.JSON.readTree(answer.body());
        assertThat(json.path("type").asString()).isEqualTo("message");
        assertThat(json.path("content").toString()).isEqualTo("[{\"type\":\"text\",\"text\":\"All is quiet\"}]");
        assertThat(json.path("stop_reason").asString()).isEqualTo("end_turn");
        assertThat(json.path("usage").toString())
                .isEqualTo("{\"input_tokens\":6,\"cache_read_input_tokens\":4,"
                        + "\"cache_creation_input_tokens\":0,\"output_tokens\":3}");
        JsonNode sent = PROVIDER.received().getLast().body();
        assertThat(sent.path("messages").toString())
                .isEqualTo("[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                        + "{\"role\":\"system\",\"content\":\"Speak softly.\"},"
                        + "{\"role\":\"user\",\"content\":\"How was it?\"}]");
        assertThat(sent.path("max_tokens").asInt()).isEqualTo(50);
        assertThat(sent.path("stop").toString()).isEqualTo("[\"x\"]");
    }

    @Test
    void aStreamHasItsEventsInOrder() throws Exception {
        PROVIDER.answering(request -> Reply.text("All is"));
        List<String> events = events(ask("""
                {"model": "chat", "max_tokens": 50, "stream": true,
                 "messages": [{"role": "user", "content": "How was it?"}]}"""));
        assertThat(events)
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
    }

    @Test
    void toolsGoThereAndTheirCallsComeBack() throws Exception {
        JsonNode call = RunningGateway.JSON.readTree("""
                {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{\\"city\\":\\"Bonn\\"}"}}""");
        PROVIDER.answering(request -> Reply.text("").calling(List.of(call)));
        String question = """
                {"model": "chat", "max_tokens": 50, "stream": %s, "tool_choice": {"type": "any"},
                 "tools": [{"name": "weather", "description": "d", "input_schema": {"type": "object"}}],
                 "messages": [{"role": "user", "content": "Rain?"},
                   {"role": "assistant", "content": [{"type": "tool_use", "id": "c0", "name": "weather", "input": {}}]},
                   {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c0", "content": "dry"}]}]}""";

        JsonNode json =
                RunningGateway.JSON.readTree(ask(question.formatted("false")).body());
        assertThat(json.path("stop_reason").asString()).isEqualTo("tool_use");
        assertThat(json.path("content").toString())
                .isEqualTo(
                        "[{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"weather\",\"input\":{\"city\":\"Bonn\"}}]");
        JsonNode sent = PROVIDER.received().getLast().body();
        assertThat(sent.path("tool_choice").asString()).isEqualTo("required");
        assertThat(sent.at("/tools/0/function/name").asString()).isEqualTo("weather");
        assertThat(sent.at("/messages/2/tool_calls/0/id").asString()).isEqualTo("c0");
        assertThat(sent.at("/messages/3").toString())
                .isEqualTo("{\"role\":\"tool\",\"tool_call_id\":\"c0\",\"content\":\"dry\"}");

        HttpResponse<String> streamed = ask(question.formatted("true"));
        assertThat(events(streamed)).containsSubsequence("content_block_start", "content_block_delta", "message_stop");
        assertThat(streamed.body()).contains("\"type\":\"input_json_delta\"", "\"stop_reason\":\"tool_use\"");
    }

    @Test
    void aStreamThatBrokeOffHasAnErrorAndNeverStops() throws Exception {
        PROVIDER.answering(request -> Reply.text("All is quiet").failing(Fault.CUT, 1));
        HttpResponse<String> answer = ask("""
                {"model": "chat", "max_tokens": 50, "stream": true, "messages": [{"role": "user", "content": "x"}]}""");
        assertThat(events(answer)).endsWith("error").doesNotContain("message_stop", "message_delta");
        assertThat(answer.body())
                .contains("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"The answer of model");
    }

    @Test
    void errorsHaveTheirShape() throws Exception {
        HttpResponse<String> answer = ask("{\"model\": \"nobody\", \"messages\": []}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).startsWith("{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\"");
    }

    @Test
    void aTaskThatMakesNumbersOfATextMakesEmbeddings() throws Exception {
        String floats = gateway.post("/v1/embeddings", "{\"model\": \"embed\", \"input\": [\"abc\", \"\"]}")
                .body();
        assertThat(floats)
                .contains("{\"object\":\"embedding\",\"index\":0,\"embedding\":[3.0,0.5]}")
                .contains("{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.0,0.5]}");
        String encoded = gateway.post(
                        "/v1/embeddings", "{\"model\": \"embed\", \"input\": \"abc\", \"encoding_format\": \"base64\"}")
                .body();
        assertThat(encoded).contains("\"embedding\":\"AABAQAAAAD8=\"");
        assertThat(gateway.post("/v1/embeddings", "{\"model\": \"chat\", \"input\": \"abc\"}")
                        .body())
                .contains("Task 'chat' does not take one text, so it makes no embeddings");
    }

    private static List<String> events(HttpResponse<String> answer) {
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring(7))
                .toList();
    }
}
