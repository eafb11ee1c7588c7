package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Timeouts;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Speaks Anthropic's messages.
public final class AnthropicChat implements ChatClient {

    private static final String VERSION = "2023-06-01";

    private final HttpClient http;
    private final ProviderSettings settings;

    /// Makes a client for one provider.
    public AnthropicChat(HttpClient http, ProviderSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    @Override
    public ChatAnswer complete(ChatRequest request, Timeouts timeouts) throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, false)) {
            return AnthropicAnswer.whole(settings.name(), exchange.json());
        }
    }

    @Override
    public ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, true)) {
            AnthropicAnswer answer = new AnthropicAnswer(settings.name(), request.model());
            try {
                SseReader events = exchange.events();
                for (SseReader.Event event = events.next(); event != null; event = events.next()) {
                    JsonNode data = exchange.data(event);
                    if (ErrorAnswer.isError(data)) {
                        throw ErrorAnswer.of(data).inside(settings.name());
                    }
                    if (data.path("type").asString("").equals("message_stop")) {
                        return answer.done();
                    }
                    for (Delta delta : answer.take(data)) {
                        exchange.progressed();
                        deltas.accept(delta);
                    }
                }
                throw answer.truncated();
            } catch (ProviderFailure e) {
                throw e.having(answer.usage());
            }
        }
    }

    private Exchange open(ChatRequest request, Timeouts timeouts, boolean streaming)
            throws ProviderFailure, InterruptedException {
        Map<String, String> headers = new HashMap<>(request.headers());
        headers.put("anthropic-version", VERSION);
        if (settings.key() != null) {
            headers.put("x-api-key", settings.key().reveal());
        }
        return Exchange.open(
                http,
                settings,
                settings.at("/v1/messages"),
                headers,
                AnthropicRequest.body(request, streaming),
                timeouts,
                streaming);
    }
}
