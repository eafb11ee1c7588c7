package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Timeouts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One call over HTTP, from the request to the head of a good answer; its body is read by whoever opened it.
/// Closing ends it at the provider, wherever it is.
final class Exchange implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final int MOST_ERROR_BYTES = 64 * 1024;

    private final String provider;
    private final HttpHeaders headers;
    private final BodyQueue queue;
    private final Body body;
    private final Patience patience;

    private Exchange(String provider, HttpHeaders headers, BodyQueue queue, Body body, Patience patience) {
        this.provider = provider;
        this.headers = headers;
        this.queue = queue;
        this.body = body;
        this.patience = patience;
    }

    /// Sends a request and waits for the head of a good answer.
    static Exchange open(
            HttpClient http,
            ProviderSettings settings,
            URI uri,
            Map<String, String> headers,
            JsonNode request,
            Timeouts timeouts,
            boolean streaming)
            throws ProviderFailure, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                // a server without HTTP/2 may choke on the question for it
                .version("https".equals(uri.getScheme()) ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .header("content-type", "application/json")
                .header("accept", streaming ? "text/event-stream" : "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(request)));
        settings.headers().forEach(builder::setHeader);
        headers.forEach(builder::setHeader);
        Patience patience = new Patience(timeouts, streaming);
        HttpResponse<BodyQueue> response = send(http, builder.build(), settings.name(), patience);
        Exchange exchange = new Exchange(
                settings.name(),
                response.headers(),
                response.body(),
                new Body(
                        response.body(),
                        patience,
                        settings.name(),
                        response.statusCode() == 200 ? settings.mostBytes() : MOST_ERROR_BYTES),
                patience);
        if (response.statusCode() != 200) {
            try (exchange) {
                throw exchange.refused(response.statusCode());
            }
        }
        return exchange;
    }

    private static HttpResponse<BodyQueue> send(
            HttpClient http, HttpRequest request, String provider, Patience patience)
            throws ProviderFailure, InterruptedException {
        BodyQueue queue = new BodyQueue();
        CompletableFuture<HttpResponse<BodyQueue>> answer = http.sendAsync(request, head -> queue);
        boolean done = false;
        try {
            HttpResponse<BodyQueue> response =
                    answer.get(Math.max(0, patience.deadline() - System.nanoTime()), TimeUnit.NANOSECONDS);
            done = true;
            return response;
        } catch (TimeoutException e) {
            throw new ProviderFailure(
                    patience.passed(),
                    provider,
                    "Provider '%s' %s".formatted(provider, patience.words()),
                    null,
                    null,
                    e);
        } catch (ExecutionException e) {
            boolean connected = !(e.getCause() instanceof java.net.ConnectException)
                    && !(e.getCause() instanceof java.net.http.HttpConnectTimeoutException);
            throw connected
                    ? Body.cut(provider, e)
                    : new ProviderFailure(
                            Kind.UNREACHABLE,
                            provider,
                            "Nobody answers at %s, the address of provider '%s'"
                                    .formatted(request.uri().resolve("/"), provider),
                            null,
                            null,
                            e.getCause());
        } finally {
            if (!done) {
                answer.cancel(true);
                queue.close();
            }
        }
    }

    private ProviderFailure refused(int status) throws InterruptedException {
        JsonNode answer;
        try {
            answer = MAPPER.readTree(body.all());
        } catch (ProviderFailure | JacksonException e) {
            answer = MAPPER.createObjectNode();
        }
        return ErrorAnswer.of(answer).failure(provider, status, RetryAfter.of(headers));
    }

    /// Reads a JSON answer.
    JsonNode json() throws ProviderFailure, InterruptedException {
        requireType("application/json");
        byte[] bytes = body.all();
        if (bytes.length == 0) {
            throw new ProviderFailure(
                    Kind.TRUNCATED,
                    provider,
                    "Provider '%s' sent an empty answer".formatted(provider),
                    null,
                    null,
                    null);
        }
        try {
            return MAPPER.readTree(Body.text(bytes, provider));
        } catch (JacksonException e) {
            throw new ProviderFailure(
                    Kind.GARBLED,
                    provider,
                    "Provider '%s' sent an answer that is no JSON".formatted(provider),
                    null,
                    null,
                    e);
        }
    }

    /// Reads an answer of events.
    SseReader events() throws ProviderFailure {
        requireType("text/event-stream");
        return new SseReader(body, provider);
    }

    JsonNode data(SseReader.Event event) throws ProviderFailure {
        try {
            return MAPPER.readTree(event.data());
        } catch (JacksonException e) {
            throw new ProviderFailure(
                    Kind.GARBLED,
                    provider,
                    "Provider '%s' sent an event that is no JSON".formatted(provider),
                    null,
                    null,
                    e);
        }
    }

    /// Notes that a token came.
    void progressed() {
        patience.progressed();
    }

    private void requireType(String wanted) throws ProviderFailure {
        String type = headers.firstValue("content-type")
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        if (!type.equals(wanted)) {
            throw new ProviderFailure(
                    Kind.WRONG_TYPE,
                    provider,
                    "Provider '%s' answered with %s, not with %s; is its url right?"
                            .formatted(provider, type.isEmpty() ? "no content type" : "'" + type + "'", wanted),
                    null,
                    null,
                    null);
        }
    }

    @Override
    public void close() {
        queue.close();
    }
}
