package dev.patchbay.server.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/// Takes the heads of one connection's requests: whatever can be refused is refused before a byte of the body is read.
final class RequestGate implements Handler<HttpServerRequest> {

    private final ConnectionGuard guard;
    private final Router router;
    private final int bodyBytes;

    RequestGate(ConnectionGuard guard) {
        this.guard = guard;
        this.router = guard.listening().router();
        this.bodyBytes = guard.listening().settings().request().bodyBytes();
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (guard.isFinished()) {
            return;
        }
        RequestHead.Problem problem = guard.isHttp2() ? null : RequestHead.check(request);
        RequestTarget target = RequestTarget.parse(request.uri());
        long length = RequestHead.declaredLength(request.headers());
        if (problem == null && (target == null || length < 0)) {
            problem = new RequestHead.Problem(
                    Refusal.MALFORMED_REQUEST,
                    target == null
                            ? "The request target is not a path with valid percent-encoding and without dot segments."
                            : "Content-Length is not a number.");
        }
        if (problem != null || target == null) {
            refuseMalformed(request, problem);
            return;
        }
        boolean bodyFollows = guard.isHttp2() || length > 0 || request.headers().contains("transfer-encoding");
        switch (router.find(request.method().name(), target.segments())) {
            case RouteMatch.Found found -> take(request, target, found.route(), length);
            case RouteMatch.NotFound none -> {
                String detail = "Nothing answers to the path " + target.path() + ".";
                refuse(request, answer(Refusal.NOT_FOUND, target.path(), detail), bodyFollows);
            }
            case RouteMatch.OtherMethods other -> {
                String detail = "The path " + target.path() + " takes " + other.allow() + ", not "
                        + request.method().name() + ".";
                Answer answer = answer(Refusal.METHOD_NOT_ALLOWED, target.path(), detail)
                        .with("allow", other.allow());
                refuse(request, answer, bodyFollows);
            }
        }
    }

    private void take(HttpServerRequest request, RequestTarget target, Route route, long length) {
        if (length > bodyBytes) {
            refuse(request, RequestBody.tooLarge(guard.listening(), target.path()), true);
            return;
        }
        String expectation = request.getHeader("expect");
        if (expectation != null) {
            if (!expectation.equalsIgnoreCase("100-continue")) {
                String detail = "The expectation " + expectation + " cannot be met; only 100-continue can.";
                refuse(request, answer(Refusal.EXPECTATION_FAILED, target.path(), detail), true);
                return;
            }
            request.response().writeContinue();
        }
        new LiveExchange(guard, request, target, route).read((int) length);
    }

    /// Takes a request whose head the decoder could not read.
    void undecodable(HttpServerRequest request) {
        if (!guard.isFinished()) {
            refuseMalformed(
                    request, RequestHead.undecodable(request.decoderResult().cause()));
        }
    }

    private void refuseMalformed(HttpServerRequest request, RequestHead.@Nullable Problem problem) {
        RequestHead.Problem known = problem == null ? RequestHead.undecodable(null) : problem;
        refuse(request, answer(known.refusal(), "", known.detail()), true);
    }

    /// @param closes whether the connection or stream cannot go on: a body may follow, or nobody knows what does
    private void refuse(HttpServerRequest request, Answer answer, boolean closes) {
        if (closes && !guard.isHttp2()) {
            guard.refuse(answer);
            return;
        }
        Reply reply = new Reply(guard, request);
        reply.begin();
        if (closes) {
            reply.refuse(answer);
        } else {
            reply.respond(answer);
        }
    }

    private Answer answer(Refusal refusal, String path, String detail) {
        return guard.listening().refusals().answer(refusal, path, detail);
    }
}
