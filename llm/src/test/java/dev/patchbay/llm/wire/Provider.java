package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Timeouts;
import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.wire.ProviderSettings.Format;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/// The fake provider with a client of one format, as tests use them.
record Provider(FakeProvider fake, ChatClient client, List<Delta> deltas) implements AutoCloseable {

    static final Timeouts SHORT = new Timeouts(Duration.ofMillis(400), Duration.ofMillis(300), Duration.ofMillis(900));

    static Provider speaking(Format format) {
        FakeProvider fake = FakeProvider.start();
        ProviderSettings settings = new ProviderSettings(
                "fake",
                format,
                format == Format.OPENAI ? fake.url() : fake.root(),
                null,
                Map.of(),
                null,
                null,
                200_000);
        return new Provider(fake, settings.client(), new ArrayList<>());
    }

    static ChatRequest question(String text) {
        return new ChatRequest(
                "tiny",
                List.of(ChatMessage.of(Role.SYSTEM, "Be brief."), ChatMessage.of(Role.USER, text)),
                JsonNodeFactory.instance.objectNode(),
                null,
                Map.of());
    }

    ChatAnswer ask(boolean streaming, ChatRequest request) throws ProviderFailure, InterruptedException {
        return streaming ? client.stream(request, SHORT, deltas::add) : client.complete(request, SHORT);
    }

    String streamed() {
        StringBuilder text = new StringBuilder();
        deltas.forEach(delta -> text.append(delta instanceof Delta.Text(String piece) ? piece : ""));
        return text.toString();
    }

    @Override
    public void close() {
        fake.close();
    }
}
