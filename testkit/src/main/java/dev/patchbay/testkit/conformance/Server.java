package dev.patchbay.testkit.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The server under test.
final class Server implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.shared();
    static final String JSON_LENGTH = "Inference-Header-Content-Length";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String base;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /// @param base with or without a slash at its end
    Server(URI base) {
        this.base = base.toString().replaceAll("/+$", "");
    }

    /// What the server said.
    ///
    /// @param asked method and path, for people
    /// @param lengthHeader the length of the JSON in front of bytes, as sent
    record Reply(String asked, int status, @Nullable String lengthHeader, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String words() {
            String text = text().strip();
            return "%s → %d %s".formatted(asked, status, text.length() > 160 ? text.substring(0, 160) + "…" : text);
        }

        /// Reads the body, or the part of it that is said to be JSON.
        JsonNode json() {
            byte[] json = lengthHeader == null ? body : Arrays.copyOf(body, jsonLength());
            try {
                return JSON.readTree(json);
            } catch (JacksonException e) {
                throw Broken.because(words() + ": that is no JSON");
            }
        }

        int jsonLength() {
            String length = lengthHeader;
            if (length == null || !length.matches("\\d{1,9}") || Integer.parseInt(length) > body.length) {
                throw Broken.because("%s → %d with %s: %s over a body of %d bytes"
                        .formatted(asked, status, JSON_LENGTH, length, body.length));
            }
            return Integer.parseInt(length);
        }

        Reply ok() {
            if (status != 200) {
                throw Broken.because(words());
            }
            return this;
        }

        /// Requires an error of the caller in the protocol's shape.
        Reply refused() {
            if (status < 400 || status >= 500) {
                throw Broken.because(words() + ": not refused with a status 4xx");
            }
            if (!json().path("error").isString()) {
                throw Broken.because(words() + ": no {\"error\": text}");
            }
            return this;
        }
    }

    Reply get(String path) {
        return send("GET " + path, HttpRequest.newBuilder(URI.create(base + path)));
    }

    Reply post(String path, JsonNode body) {
        return post(path, JSON.writeValueAsBytes(body), null);
    }

    /// @param jsonLength the length of the JSON in front of bytes; null without bytes
    Reply post(String path, byte[] body, @Nullable String jsonLength) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", jsonLength == null ? "application/json" : "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (jsonLength != null) {
            request.header(JSON_LENGTH, jsonLength);
        }
        return send("POST " + path, request);
    }

    private Reply send(String asked, HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response =
                    client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(
                    asked,
                    response.statusCode(),
                    response.headers().firstValue(JSON_LENGTH).orElse(null),
                    response.body());
        } catch (IOException e) {
            throw Broken.because(asked + " → no answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Broken.because(asked + " was interrupted");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
