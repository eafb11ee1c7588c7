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

/// Speaks [Cohere's chat](https://docs.cohere.com/v2/reference/chat), version 2.
final class CohereChat implements ChatClient {

    private final ProviderHttp http;
    private final ProviderSettings settings;

    CohereChat(ProviderHttp http, ProviderSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    @Override
    public ChatAnswer complete(ChatRequest request, Timeouts timeouts) throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, false)) {
            return CohereAnswer.whole(settings.name(), request.model(), exchange.json(settings.mostBytes()));
        }
    }

    @Override
    public ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, true)) {
            return exchange.events(new CohereAnswer(settings.name(), request.model()), settings.mostBytes(), deltas);
        }
    }

    private Exchange open(ChatRequest request, Timeouts timeouts, boolean streaming)
            throws ProviderFailure, InterruptedException {
        Map<String, String> headers = new HashMap<>(request.headers());
        if (settings.key() != null) {
            headers.put("authorization", "Bearer " + settings.key().reveal());
        }
        return Exchange.open(
                http,
                settings,
                settings.at("/v2/chat"),
                headers,
                CohereRequest.body(request, streaming),
                timeouts,
                streaming);
    }
}
