package dev.patchbay.bridge.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.FinishReason;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Timeouts;
import dev.patchbay.llm.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Asks a model of LangChain4j, and guards its word. LangChain4j takes every end of a connection for the end of an
/// answer, may tell two ends of one answer, and waits for ever for a provider that falls silent. So an answer without a
/// finish reason is truncated, the first end is the end, and a clock runs: see [Events].
///
/// Messages of text, the parameters that LangChain4j has for all models, and a schema for the answer go over the
/// bridge.
/// What does not (images, tools, other parameters) is refused and not left out.
final class LangChain4jChat implements ChatClient {

    /// Fields that mean something for the wire only.
    private static final List<String> PASSED_OVER = List.of("stream", "stream_options", "user");

    private final String provider;
    private final StreamingChatModel model;

    LangChain4jChat(String provider, StreamingChatModel model) {
        this.provider = provider;
        this.model = model;
    }

    @Override
    public ChatAnswer complete(ChatRequest request, Timeouts timeouts) throws ProviderFailure, InterruptedException {
        // nobody sees a token, so only the end of all counts
        return stream(request, new Timeouts(timeouts.total(), timeouts.total(), timeouts.total()), delta -> {});
    }

    @Override
    public ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException {
        Events events = new Events(provider, timeouts);
        dev.langchain4j.model.chat.request.ChatRequest asked = asked(request);
        // a model may block until its answer is whole; the clock runs here
        Thread asking = Thread.ofVirtual().name("patchbay-bridge-" + provider).start(() -> {
            try {
                model.chat(asked, events);
            } catch (Throwable e) {
                events.onError(e);
            }
        });
        boolean ended = false;
        try {
            ChatAnswer answer = answer(request, events.take(deltas));
            ended = true;
            return answer;
        } finally {
            if (!ended) {
                events.cancel();
                asking.interrupt();
            }
        }
    }

    private ChatAnswer answer(ChatRequest request, ChatResponse response) throws ProviderFailure {
        Usage usage = usage(response);
        if (response.finishReason() == null) {
            throw failed(Kind.TRUNCATED, "The answer of provider '%s' ended without its finish reason", usage);
        }
        FinishReason finish = switch (response.finishReason()) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case TOOL_EXECUTION -> FinishReason.TOOL_CALLS;
            case CONTENT_FILTER ->
                throw failed(Kind.CONTENT_FILTERED, "Provider '%s' held its answer back by its own rules", usage);
            case OTHER -> FinishReason.OTHER;
        };
        String text = response.aiMessage().text();
        String name = response.modelName();
        return new ChatAnswer(
                name == null ? request.model() : name,
                text == null ? "" : text,
                List.of(),
                finish,
                usage,
                JsonNodeFactory.instance.objectNode());
    }

    private ProviderFailure failed(Kind kind, String message, @Nullable Usage usage) {
        return new ProviderFailure(kind, provider, message.formatted(provider), null, usage, null);
    }

    private static @Nullable Usage usage(ChatResponse response) {
        var counted = response.tokenUsage();
        return counted == null || counted.inputTokenCount() == null || counted.outputTokenCount() == null
                ? null
                : new Usage(counted.inputTokenCount(), 0, 0, counted.outputTokenCount());
    }

    private dev.langchain4j.model.chat.request.ChatRequest asked(ChatRequest request) throws ProviderFailure {
        List<dev.langchain4j.data.message.ChatMessage> messages = new ArrayList<>();
        for (ChatMessage message : request.messages()) {
            if (message.wire() != null) {
                throw refused("a message that is not text alone");
            }
            messages.add(
                    switch (message.role()) {
                        case SYSTEM -> SystemMessage.from(message.text());
                        case USER -> UserMessage.from(message.text());
                        case ASSISTANT -> AiMessage.from(message.text());
                        case TOOL -> throw refused("an answer of a tool");
                    });
        }
        var asked = dev.langchain4j.model.chat.request.ChatRequest.builder()
                .messages(messages)
                .modelName(request.model());
        parameters(request.parameters(), asked);
        JsonNode schema = request.answerSchema();
        if (schema != null) {
            asked.responseFormat(ResponseFormat.builder()
                    .type(ResponseFormatType.JSON)
                    .jsonSchema(JsonSchema.builder()
                            .name("answer")
                            .rootElement(JsonRawSchema.from(schema.toString()))
                            .build())
                    .build());
        }
        return asked.build();
    }

    private void parameters(ObjectNode given, dev.langchain4j.model.chat.request.ChatRequest.Builder asked)
            throws ProviderFailure {
        for (Map.Entry<String, JsonNode> field : given.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "max_tokens", "max_completion_tokens" -> asked.maxOutputTokens(value.asInt());
                case "temperature" -> asked.temperature(value.asDouble());
                case "top_p" -> asked.topP(value.asDouble());
                case "top_k" -> asked.topK(value.asInt());
                case "frequency_penalty" -> asked.frequencyPenalty(value.asDouble());
                case "presence_penalty" -> asked.presencePenalty(value.asDouble());
                case "stop" -> asked.stopSequences(texts(value));
                case String other when PASSED_OVER.contains(other) -> {
                    // nothing that a model is asked
                }
                case String other -> throw refused("the parameter '" + other + "'");
            }
        }
    }

    private static List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(text -> texts.add(text.asString()));
        } else {
            texts.add(value.asString());
        }
        return texts;
    }

    private ProviderFailure refused(String what) {
        return new ProviderFailure(
                Kind.BAD_REQUEST,
                provider,
                "Provider '%s' is reached by a bridge to LangChain4j, which does not carry %s"
                        .formatted(provider, what),
                null,
                null,
                null);
    }
}
