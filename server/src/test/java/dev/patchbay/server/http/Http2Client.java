package dev.patchbay.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One HTTP/2 connection with prior knowledge.
final class Http2Client implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    /// kept: Vert.x closes the connections of an agent that is garbage
    private final HttpClientAgent agent;
    private final HttpClientConnection connection;
    private final CompletableFuture<String> closed = new CompletableFuture<>();

    Http2Client(int port) throws Exception {
        agent = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2ConnectionWindowSize(1 << 20));
        connection =
                get(agent.connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(port)));
        StringBuilder how = new StringBuilder();
        connection.goAwayHandler(away -> how.append("GOAWAY ").append(away.getErrorCode()));
        connection.closeHandler(end -> closed.complete(how.toString()));
    }

    record Received(int status, Map<String, String> headers, String body) {}

    HttpClientConnection connection() {
        return connection;
    }

    CompletableFuture<String> closed() {
        return closed;
    }

    HttpClientRequest request(String method, String path) throws Exception {
        return get(connection.request(
                new RequestOptions().setMethod(HttpMethod.valueOf(method)).setURI(path)));
    }

    /// @param first sees the response before any part of its body
    HttpClientResponse open(String method, String path, Consumer<HttpClientResponse> first) throws Exception {
        HttpClientRequest request = request(method, path);
        Future<HttpClientResponse> response = request.response().map(received -> {
            first.accept(received);
            return received;
        });
        request.end();
        return get(response);
    }

    CompletableFuture<Received> send(String method, String path, String body) throws Exception {
        HttpClientRequest request = request(method, path);
        // before anything is sent: handlers that come after a part of the body do not see it
        Future<Received> answer = request.response().compose(Http2Client::received);
        request.end(Buffer.buffer(body));
        return answer.toCompletionStage().toCompletableFuture();
    }

    Received call(String method, String path, String body) throws Exception {
        return send(method, path, body).get(5, TimeUnit.SECONDS);
    }

    static Future<Received> received(HttpClientResponse response) {
        return response.body().map(body -> {
            Map<String, String> headers = new java.util.TreeMap<>();
            response.headers().forEach(headers::put);
            return new Received(response.statusCode(), headers, body.toString(UTF_8));
        });
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        agent.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
