package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Timeouts;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Speaks Anthropic's messages.
final class AnthropicChat implements ChatClient {

    private static final String VERSION = "2023-06-01";

    private final ProviderHttp http;
    private final ProviderSettings settings;

    AnthropicChat(ProviderHttp http, ProviderSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    @Override
    public ChatAnswer complete(ChatRequest request, Timeouts timeouts) throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, false)) {
            return AnthropicAnswer.whole(settings.name(), exchange.json(settings.mostBytes()));
        }
    }

    @Override
    public ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, true)) {
            return exchange.events(new AnthropicAnswer(settings.name(), request.model()), settings.mostBytes(), deltas);
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
