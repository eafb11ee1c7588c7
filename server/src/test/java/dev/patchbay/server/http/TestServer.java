package dev.patchbay.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A listener on loopback which writes down what it was made to execute.
final class TestServer implements AutoCloseable {

    static final int BODY_BYTES = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration LINGER = Duration.ofMillis(300);
    static final RequestLimits REQUEST = new RequestLimits(4096, 8192, BODY_BYTES, LONG, LONG);
    static final ConnectionLimits CONNECTION = new ConnectionLimits(1_000, 100, LONG, LONG, LINGER);
    static final RequestLimits HURRIED_REQUEST =
            new RequestLimits(4096, 8192, BODY_BYTES, Duration.ofMillis(300), Duration.ofMillis(400));
    static final ConnectionLimits HURRIED_CONNECTION =
            new ConnectionLimits(1_000, 100, Duration.ofMillis(600), Duration.ofMillis(700), LINGER);

    final List<String> executed = new CopyOnWriteArrayList<>();
    final HttpTransport transport = HttpTransport.start();
    private final HttpListener listener;

    TestServer(RequestLimits request, ConnectionLimits connection, Route... routes) {
        HttpSettings settings = new HttpSettings("127.0.0.1", 0, request, connection);
        listener = transport.listen(settings, Router.of(routes), TestServer::refuse);
    }

    TestServer(Route... routes) {
        this(REQUEST, CONNECTION, routes);
    }

    static TestServer recording() {
        return recording(REQUEST, CONNECTION);
    }

    /// Routes that do nothing but say that they were there.
    static TestServer recording(RequestLimits request, ConnectionLimits connection) {
        List<TestServer> itself = new CopyOnWriteArrayList<>();
        HttpHandler record = exchange -> {
            itself.getFirst().executed.add(exchange.method() + " " + exchange.path());
            exchange.respond(text(200, exchange.method() + " " + exchange.body().length));
        };
        TestServer server = new TestServer(
                request,
                connection,
                new Route("POST", "/echo", record),
                new Route("GET", "/hello", record),
                new Route("GET", "/smuggled", record));
        itself.add(server);
        return server;
    }

    static Answer text(int status, String text) {
        return new Answer(status, AnswerHeaders.contentType("text/plain"), text.getBytes(UTF_8));
    }

    static Answer refuse(Refusal refusal, String path, String detail) {
        return text(refusal.status(), refusal + ": " + detail);
    }

    int port() {
        return listener.port();
    }

    HttpListener listener() {
        return listener;
    }

    @Override
    public void close() {
        transport.close();
    }
}
