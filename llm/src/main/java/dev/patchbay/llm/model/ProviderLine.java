package dev.patchbay.llm.model;

import dev.patchbay.api.runtime.SecretReference;
import dev.patchbay.llm.chat.ChatBridge;
import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.config.LlmConfig.Format;
import dev.patchbay.llm.config.LlmConfig.Provider;
import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Received;
import dev.patchbay.llm.fake.Reply;
import dev.patchbay.llm.wire.ProviderSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The line to a provider. It is opened by the first call, because a key that is missing stops the calls that need
/// it and nothing else. It lives as long as calls use it; nobody closes it under them.
final class ProviderLine {

    private final Provider provider;
    private @Nullable ChatClient client;
    private @Nullable FakeProvider fake;

    ProviderLine(Provider provider) {
        this.provider = provider;
    }

    Provider provider() {
        return provider;
    }

    synchronized ChatClient client() throws ProviderFailure {
        ChatClient open = client;
        if (open == null) {
            try {
                open = open();
            } catch (IllegalArgumentException e) {
                throw new ProviderFailure(
                        Kind.KEY_REFUSED,
                        provider.name(),
                        "Provider '%s' cannot be used: llm.providers.%s.%s"
                                .formatted(provider.name(), provider.name(), e.getMessage()),
                        null,
                        null,
                        null);
            }
            client = open;
        }
        return open;
    }

    private ChatClient open() {
        if (provider.format() == Format.BRIDGE) {
            return bridged();
        }
        ProviderSettings settings = new ProviderSettings(
                provider.name(),
                switch (provider.format()) {
                    case OPENAI, FAKE, BRIDGE -> ProviderSettings.Format.OPENAI;
                    case ANTHROPIC -> ProviderSettings.Format.ANTHROPIC;
                    case COHERE -> ProviderSettings.Format.COHERE;
                },
                address(),
                key(),
                provider.headers(),
                provider.proxy(),
                provider.authorities() == null ? null : Path.of(provider.authorities()),
                provider.mostBytes());
        return settings.client();
    }

    private ChatClient bridged() {
        Map<String, String> settings = new HashMap<>(provider.settings());
        SecretReference key = key();
        if (key != null) {
            settings.put("key", key.reveal());
        }
        ChatBridge bridge = ChatBridge.all().get(String.valueOf(provider.bridge()));
        if (bridge == null) {
            throw new IllegalArgumentException("bridge: '%s' is not there any more".formatted(provider.bridge()));
        }
        return BridgedChat.open(bridge, provider.name(), settings);
    }

    private @Nullable SecretReference key() {
        if (provider.key() == null) {
            return null;
        }
        try {
            return SecretReference.at(provider.key());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key: " + e.getMessage(), e);
        }
    }

    private URI address() {
        if (provider.format() != Format.FAKE) {
            return URI.create(String.valueOf(provider.url()));
        }
        FakeProvider started = FakeProvider.start(request -> says(request));
        fake = started;
        return started.url();
    }

    private Reply says(Received request) {
        String question = request.question();
        for (Map.Entry<String, String> reply : provider.replies().entrySet()) {
            if (question.contains(reply.getKey())) {
                return Reply.text(reply.getValue());
            }
        }
        return Reply.text("This is the fake provider '%s'. You asked: %s".formatted(provider.name(), question));
    }

    synchronized void close() {
        if (fake != null) {
            fake.close();
        }
    }
}
