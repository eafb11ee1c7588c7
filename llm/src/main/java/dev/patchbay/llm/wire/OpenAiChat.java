package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Timeouts;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Speaks OpenAI's chat completions, as most providers and servers do.
final class OpenAiChat implements ChatClient {

    private final ProviderHttp http;
    private final ProviderSettings settings;

    OpenAiChat(ProviderHttp http, ProviderSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    @Override
    public ChatAnswer complete(ChatRequest request, Timeouts timeouts) throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, false)) {
            return OpenAiAnswer.whole(settings.name(), exchange.json(settings.mostBytes()));
        }
    }

    @Override
    public ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException {
        try (Exchange exchange = open(request, timeouts, true)) {
            return exchange.events(new OpenAiAnswer(settings.name(), request.model()), settings.mostBytes(), deltas);
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
                settings.at("/chat/completions"),
                headers,
                body(request, streaming),
                timeouts,
                streaming);
    }

    private static ObjectNode body(ChatRequest request, boolean streaming) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", request.model());
        ArrayNode messages = body.putArray("messages");
        for (ChatMessage message : request.messages()) {
            if (message.wire() != null) {
                messages.add(message.wire());
            } else {
                messages.addObject().put("role", message.role().wireName()).put("content", message.text());
            }
        }
        JsonNode schema = request.answerSchema();
        if (schema != null) {
            body.putObject("response_format")
                    .put("type", "json_schema")
                    .putObject("json_schema")
                    .put("name", "answer")
                    .set("schema", schema);
        }
        body.setAll(request.parameters());
        body.put("stream", streaming);
        if (streaming && !body.has("stream_options")) {
            body.putObject("stream_options").put("include_usage", true);
        }
        return body;
    }
}
