package dev.patchbay.llm.wire;

import dev.patchbay.api.runtime.SecretReference;
import dev.patchbay.llm.chat.ChatClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a provider is reached.
///
/// @param name its name in the config, and in messages
/// @param url the address that the format's path is added to, such as `https://api.openai.com/v1`
/// @param headers sent with every call
/// @param proxy `host:port`; null for none
/// @param authorities a PEM file of certificate authorities to trust instead of the JDK's; null for those
/// @param mostBytes the longest answer taken
public record ProviderSettings(
        String name,
        Format format,
        URI url,
        @Nullable SecretReference key,
        Map<String, String> headers,
        @Nullable String proxy,
        @Nullable Path authorities,
        long mostBytes) {

    /// The longest answer taken where nothing is said.
    public static final long MOST_BYTES = 16 << 20;

    /// The wire formats.
    public enum Format {
        /// `POST {url}/chat/completions`, which most providers and servers speak.
        OPENAI,
        /// `POST {url}/v1/messages`.
        ANTHROPIC,
        /// `POST {url}/v2/chat`.
        COHERE
    }

    /// Makes settings with nothing special.
    public static ProviderSettings of(String name, Format format, URI url, @Nullable SecretReference key) {
        return new ProviderSettings(name, format, url, key, Map.of(), null, null, MOST_BYTES);
    }

    /// Makes a client that speaks the provider's format.
    public ChatClient client() {
        ProviderHttp http = new ProviderHttp(this);
        return switch (format) {
            case OPENAI -> new OpenAiChat(http, this);
            case ANTHROPIC -> new AnthropicChat(http, this);
            case COHERE -> new CohereChat(http, this);
        };
    }

    URI at(String path) {
        String base = url.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }
}
