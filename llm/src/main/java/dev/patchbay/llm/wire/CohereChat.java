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

/// Speaks [Cohere's chat](https://docs.cohere.com/v2/reference/chat), version 2.
public final class CohereChat implements ChatClient {

    private final HttpClient http;
    private final ProviderSettings settings;

    /// Makes a client for one provider.
    public CohereChat(HttpClient http, ProviderSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    @Override
    public ChatAnswer complete(ChatRequest request, Timeouts timeouts) throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, false)) {
            return CohereAnswer.whole(settings.name(), request.model(), exchange.json());
        }
    }

    @Override
    public ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, true)) {
            CohereAnswer answer = new CohereAnswer(settings.name(), request.model());
            try {
                SseReader events = exchange.events();
                for (SseReader.Event event = events.next(); event != null; event = events.next()) {
                    for (Delta delta : answer.take(exchange.data(event))) {
                        exchange.progressed();
                        deltas.accept(delta);
                    }
                    if (answer.ended()) {
                        return answer.done();
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
