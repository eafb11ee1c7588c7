package dev.patchbay.server.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request of a live connection.
final class LiveExchange implements HttpExchange {

    private final ConnectionGuard guard;
    private final HttpServerRequest request;
    private final RequestTarget target;
    private final Route route;
    private final Reply reply;
    private byte[] body = RequestBody.EMPTY;
    private @Nullable IncomingBody incoming;

    LiveExchange(ConnectionGuard guard, HttpServerRequest request, RequestTarget target, Route route) {
        this.guard = guard;
        this.request = request;
        this.target = target;
        this.route = route;
        this.reply = new Reply(guard, request);
    }

    /// Reads the body, then hands over.
    ///
    /// @param declared the declared length of the body, 0 when there is none
    void read(int declared) {
        reply.begin();
        if (route.isIncoming()) {
            IncomingBody arriving = new IncomingBody(guard, request);
            incoming = arriving;
            reply.onGone(arriving::gone);
            handle(RequestBody.EMPTY);
            return;
        }
        new RequestBody(guard.listening(), reply, declared, this::handle).readFrom(request);
    }

    private void handle(byte[] complete) {
        body = complete;
        try {
            route.handler().handle(this);
        } catch (Throwable thrown) {
            fail(thrown);
        }
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String path() {
        return target.path();
    }

    @Override
    public String pathParameter(String name) {
        return target.segments().get(route.indexOf(name));
    }

    @Override
    public @Nullable String query() {
        return target.query();
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return target.queryParameter(name);
    }

    @Override
    public @Nullable String header(String name) {
        return request.headers().get(name);
    }

    @Override
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public BodyStream incoming() {
        if (incoming == null) {
            throw new IllegalStateException("the body of " + this + " was read before");
        }
        return incoming;
    }

    @Override
    public boolean takesTrailers() {
        return guard.isHttp2();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return guard.remoteAddress();
    }

    @Override
    public void onCancel(Runnable action) {
        reply.onCancel(action);
    }

    @Override
    public void respond(Answer answer) {
        reply.respond(answer);
    }

    @Override
    public AnswerStream startStream(int status, AnswerHeaders headers) {
        return reply.startStream(status, headers);
    }

    @Override
    public void fail(Throwable cause) {
        reply.failed(cause);
    }

    @Override
    public String toString() {
        return method() + " " + path();
    }
}
