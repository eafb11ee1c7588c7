package dev.patchbay.llm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.runtime.SecretReference;
import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.FinishReason;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Received;
import dev.patchbay.llm.fake.Reply;
import dev.patchbay.llm.wire.ProviderSettings.Format;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ProviderAnswersTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @EnumSource(Format.class)
    void anAnswerIsTheSameStreamedOrNot(Format format) throws Exception {
        try (Provider provider = Provider.speaking(format)) {
            Reply reply = Reply.text("A quiet night").counting(new Reply.Counted(1000, 900, 3));
            provider.fake().then(reply, reply);

            ChatAnswer streamed = provider.ask(true, Provider.question("How was it?"));
            ChatAnswer whole = provider.ask(false, Provider.question("How was it?"));

            assertThat(streamed).isEqualTo(whole);
            assertThat(whole.text()).isEqualTo("A quiet night");
            assertThat(whole.finish()).isEqualTo(FinishReason.STOP);
            assertThat(whole.usage()).isEqualTo(new Usage(100, 900, 0, 3));
            assertThat(provider.deltas()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void usageThatWasNotToldIsUnknown(Format format) throws Exception {
        try (Provider provider = Provider.speaking(format)) {
            provider.fake()
                    .then(Reply.text("ok").counting(null), Reply.text("ok").counting(null));

            assertThat(provider.ask(true, Provider.question("?")).usage()).isNull();
            assertThat(provider.ask(false, Provider.question("?")).usage()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void aCutByTheTokenLimitIsAnAnswerThatSaysSo(Format format) throws Exception {
        try (Provider provider = Provider.speaking(format)) {
            provider.fake().then(Reply.text("It was").finishing("length"));

            assertThat(provider.ask(true, Provider.question("?")).finish()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void toolCallsHaveOneFormWhoeverMadeThem(Format format) throws Exception {
        try (Provider provider = Provider.speaking(format)) {
            JsonNode call = JSON.readTree("""
                    {"id": "call_1", "type": "function",
                     "function": {"name": "feed", "arguments": "{\\"pet\\":\\"Rex\\"}"}}""");
            Reply reply = Reply.text("").calling(List.of(call));
            provider.fake().then(reply, reply);

            ChatAnswer streamed = provider.ask(true, Provider.question("Feed Rex"));
            ChatAnswer whole = provider.ask(false, Provider.question("Feed Rex"));

            assertThat(streamed.toolCalls()).containsExactly(call);
            assertThat(whole.toolCalls()).containsExactly(call);
            assertThat(whole.finish()).isEqualTo(FinishReason.TOOL_CALLS);
        }
    }

    @Test
    void fieldsWeDoNotKnowGoThroughBothWays() throws Exception {
        try (Provider provider = Provider.speaking(Format.OPENAI)) {
            ObjectNode parameters = (ObjectNode) JSON.readTree("{\"temperature\": 0, \"brand_new\": {\"a\": [1]}}");
            ChatRequest request = new ChatRequest(
                    "tiny",
                    List.of(
                            ChatMessage.read(
                                    (ObjectNode)
                                            JSON.readTree(
                                                    "{\"role\": \"user\", \"content\": \"Hi\", \"cache_control\": {\"type\": \"ephemeral\"}}"))),
                    parameters,
                    JSON.readTree("{\"type\": \"object\"}"),
                    Map.of("traceparent", "00-1-2-01"));

            provider.ask(false, request);

            Received received = provider.fake().received().getFirst();
            assertThat(received.path()).isEqualTo("/v1/chat/completions");
            assertThat(received.headers())
                    .containsEntry("traceparent", "00-1-2-01")
                    .doesNotContainKey("upgrade");
            assertThat(received.body()).isEqualTo(JSON.readTree("""
                    {"model": "tiny",
                     "messages": [{"role": "user", "content": "Hi", "cache_control": {"type": "ephemeral"}}],
                     "response_format": {"type": "json_schema",
                       "json_schema": {"name": "answer", "schema": {"type": "object"}}},
                     "temperature": 0, "brand_new": {"a": [1]}, "stream": false}"""));
        }
    }

    @Test
    void anthropicGetsTheSystemPromptApartAndTheSchemaInIt() throws Exception {
        try (Provider provider = Provider.speaking(Format.ANTHROPIC)) {
            ChatRequest request = Provider.question("Hi");
            provider.ask(
                    true,
                    new ChatRequest(
                            request.model(),
                            request.messages(),
                            (ObjectNode) JSON.readTree("{\"max_completion_tokens\": 50, \"stop\": \"END\"}"),
                            JSON.readTree("{\"type\":\"object\"}"),
                            Map.of()));

            Received received = provider.fake().received().getFirst();
            assertThat(received.path()).isEqualTo("/v1/messages");
            assertThat(received.headers()).containsEntry("anthropic-version", "2023-06-01");
            assertThat(received.body()).isEqualTo(JSON.readTree("""
                    {"model": "tiny",
                     "messages": [{"role": "user", "content": "Hi"}],
                     "system": "Be brief.\\n\\nAnswer with one JSON value that fulfils this JSON Schema, and with nothing else:\\n{\\"type\\":\\"object\\"}",
                     "max_tokens": 50, "stop_sequences": ["END"], "stream": true}"""));
        }
    }

    @Test
    void cohereGetsItsOwnNamesOfParameters() throws Exception {
        try (Provider provider = Provider.speaking(Format.COHERE)) {
            ChatRequest request = Provider.question("Hi");
            provider.ask(
                    true,
                    new ChatRequest(
                            request.model(),
                            request.messages(),
                            (ObjectNode) JSON.readTree("""
                                    {"max_completion_tokens": 50, "stop": "END", "top_p": 0.9, "seed": 7,
                                     "tool_choice": {"type": "function", "function": {"name": "feed"}},
                                     "stream_options": {"include_usage": true}}"""),
                            JSON.readTree("{\"type\":\"object\"}"),
                            Map.of()));

            Received received = provider.fake().received().getFirst();
            assertThat(received.path()).isEqualTo("/v2/chat");
            assertThat(received.body()).isEqualTo(JSON.readTree("""
                    {"model": "tiny",
                     "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
                     "max_tokens": 50, "stop_sequences": ["END"], "p": 0.9, "seed": 7, "tool_choice": "REQUIRED",
                     "response_format": {"type": "json_object", "json_schema": {"type": "object"}}, "stream": true}"""));
        }
    }

    @Test
    void aKeyIsSentAsItsFormatWantsItAndNeverPrinted() throws Exception {
        try (FakeProvider fake = FakeProvider.start()) {
            SecretReference key = SecretReference.at("env:SOME_KEY", name -> "sk-secret");
            for (Format format : Format.values()) {
                ProviderSettings settings =
                        ProviderSettings.of("fake", format, format == Format.OPENAI ? fake.url() : fake.root(), key);
                settings.client().complete(Provider.question("Hi"), Provider.SHORT);
                assertThat(settings.toString()).doesNotContain("sk-secret").contains("env:SOME_KEY");
            }
            assertThat(fake.received().get(0).headers()).containsEntry("authorization", "Bearer sk-secret");
            assertThat(fake.received().get(1).headers()).containsEntry("x-api-key", "sk-secret");
            assertThat(fake.received().get(2).headers()).containsEntry("authorization", "Bearer sk-secret");
        }
    }

    @Test
    void aKeyThatIsNoReferenceIsRefused() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> SecretReference.at("sk-secret")))
                .hasMessage("is a key itself, or nothing we know; refer to it with env:NAME or file:/path");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> SecretReference.at("env:NOT_THERE", name -> null)))
                .hasMessage("points to env:NOT_THERE, where nothing is");
    }
}
