package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One call over HTTP, from the request to the end of its answer, on the thread that makes it. An interrupt of that
/// thread, which is a virtual one, ends it at the provider, and so does closing it before the answer is whole.
final class Exchange implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final int MOST_ERROR_BYTES = 64 * 1024;
    /// How long the end of the HTTP body is waited for after that of the answer, so that the connection can be kept.
    private static final Duration LAST_CHUNK = Duration.ofMillis(20);

    private final String provider;
    private final URI uri;
    private final HttpPost request;
    private final Patience patience;
    private final Watch watch;
    private @Nullable ClassicHttpResponse response;

    private Exchange(ProviderHttp http, String provider, URI uri, Patience patience) {
        this.provider = provider;
        this.uri = uri;
        this.request = new HttpPost(uri);
        this.patience = patience;
        this.watch = new Watch(http.clock(), patience, request::abort);
    }

    /// Sends a request and waits for the head of a good answer.
    static Exchange open(
            ProviderHttp http,
            ProviderSettings settings,
            URI uri,
            Map<String, String> headers,
            JsonNode request,
            Timeouts timeouts,
            boolean streaming)
            throws ProviderFailure, InterruptedException {
        Exchange exchange = new Exchange(http, settings.name(), uri, new Patience(timeouts, streaming));
        HttpPost post = exchange.request;
        post.setHeader("accept", streaming ? "text/event-stream" : "application/json");
        post.setHeader("content-type", "application/json");
        settings.headers().forEach(post::setHeader);
        headers.forEach(post::setHeader);
        post.setEntity(new ByteArrayEntity(MAPPER.writeValueAsBytes(request), null));
        try {
            ClassicHttpResponse response = exchange.send(http);
            if (response.getCode() != 200) {
                throw exchange.refused(response);
            }
            return exchange;
        } catch (ProviderFailure | InterruptedException | RuntimeException e) {
            exchange.close();
            throw e;
        }
    }

    private ClassicHttpResponse send(ProviderHttp http) throws ProviderFailure, InterruptedException {
        try {
            ClassicHttpResponse sent = http.client().executeOpen(null, request, null);
            response = sent;
            return sent;
        } catch (IOException e) {
            throw broken(e);
        } catch (IllegalStateException e) {
            // what it says when the call is ended before it is connected
            if (!watch.passed()) {
                throw e;
            }
            throw broken(new IOException(e));
        }
    }

    /// Says why the exchange broke: whoever waits has gone, the time was up, or the provider failed.
    private ProviderFailure broken(IOException cause) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the call was interrupted");
        }
        if (watch.passed()) {
            return new ProviderFailure(
                    patience.passed(),
                    provider,
                    "Provider '%s' %s".formatted(provider, patience.words()),
                    null,
                    null,
                    cause);
        }
        boolean unreachable = cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException
                || cause instanceof ConnectTimeoutException;
        return unreachable
                ? new ProviderFailure(
                        Kind.UNREACHABLE,
                        provider,
                        "Nobody answers at %s, the address of provider '%s'".formatted(uri.resolve("/"), provider),
                        null,
                        null,
                        cause)
                : new ProviderFailure(
                        Kind.CUT,
                        provider,
                        "The connection to provider '%s' broke before its answer was whole".formatted(provider),
                        null,
                        null,
                        cause);
    }

    private Body body(ClassicHttpResponse of, long mostBytes) throws ProviderFailure, InterruptedException {
        HttpEntity entity = of.getEntity();
        try {
            return new Body(
                    entity == null ? InputStream.nullInputStream() : entity.getContent(),
                    this::broken,
                    provider,
                    mostBytes);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private ProviderFailure refused(ClassicHttpResponse refusal) throws InterruptedException {
        JsonNode answer;
        try {
            answer = MAPPER.readTree(body(refusal, MOST_ERROR_BYTES).all());
        } catch (ProviderFailure | JacksonException e) {
            answer = MAPPER.createObjectNode();
        }
        return ErrorAnswer.of(answer).failure(provider, refusal.getCode(), RetryAfter.of(name -> {
            Header header = refusal.getFirstHeader(name);
            return header == null ? null : header.getValue();
        }));
    }

    /// Reads a JSON answer.
    JsonNode json(long mostBytes) throws ProviderFailure, InterruptedException {
        byte[] bytes = body(typed("application/json"), mostBytes).all();
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

    /// Reads an answer of events, up to its end.
    ///
    /// @param deltas takes the pieces as they come
    /// @throws ProviderFailure if the answer broke off
    ChatAnswer events(StreamedAnswer answer, long mostBytes, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException {
        try {
            Body body = body(typed("text/event-stream"), mostBytes);
            SseReader events = new SseReader(body, provider);
            for (SseReader.Event event = events.next(); event != null; event = events.next()) {
                for (Delta delta : answer.take(event)) {
                    patience.progressed();
                    deltas.accept(delta);
                }
                if (answer.ended()) {
                    ChatAnswer whole = answer.done();
                    readOut(body);
                    return whole;
                }
            }
            throw answer.truncated();
        } catch (ProviderFailure e) {
            throw e.having(answer.usage());
        }
    }

    /// Reads what comes after the end of an answer, which is nothing but the end of the HTTP body: a connection is kept
    /// only when it was read to its end.
    private void readOut(Body body) throws InterruptedException {
        patience.endIn(LAST_CHUNK);
        watch.hurry();
        try {
            body.all();
        } catch (ProviderFailure e) {
            // the answer is whole; the connection is not used again
        }
    }

    private ClassicHttpResponse typed(String wanted) throws ProviderFailure {
        ClassicHttpResponse good = Objects.requireNonNull(response);
        Header header = good.getFirstHeader("content-type");
        String type =
                header == null ? "" : header.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
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
        return good;
    }

    @Override
    public void close() {
        watch.close();
        // cuts the connection if the body was not read to its end; closing alone would read all the rest of it
        request.abort();
        ClassicHttpResponse answered = response;
        if (answered != null) {
            try {
                answered.close();
            } catch (IOException e) {
                // it is closed
            }
        }
    }
}
