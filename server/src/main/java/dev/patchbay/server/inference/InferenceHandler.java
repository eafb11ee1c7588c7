package dev.patchbay.server.inference;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.Gateway;
import dev.patchbay.core.InferenceReply;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.cache.CacheResult;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.Reuse;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.server.answer.Problem;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.HttpExchange;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// `POST /v1/inference/{task}` and `POST /v1/inference/{task}/versions/{version}`: turns an exchange into a
/// request to the gateway and its reply into an answer.
public final class InferenceHandler {

    private static final Duration LONGEST = Duration.ofHours(24);
    /// Larger bodies are read off the event loop, which others share.
    private static final int LARGE_BODY = 16 * 1024;

    private final Gateway gateway;
    private final RequestIds ids = new RequestIds();

    /// Makes a handler.
    public InferenceHandler(Gateway gateway) {
        this.gateway = gateway;
    }

    /// Lets routing choose the version.
    public void routed(HttpExchange exchange) {
        handle(exchange, null);
    }

    /// Takes the version that the path names.
    public void pinned(HttpExchange exchange) {
        handle(exchange, exchange.pathParameter("version"));
    }

    private void handle(HttpExchange exchange, @Nullable String pin) {
        String task = exchange.pathParameter("task");
        String requestId = ids.of(exchange.header("inference-request-id"));
        TraceContext trace = Headers.trace(exchange.header("traceparent"), exchange.headers("tracestate"));
        CallContext context;
        EventStream stream;
        try {
            Headers.requireJson(exchange);
            Duration timeout = Headers.timeout(exchange.header("inference-timeout"), LONGEST);
            context = CallContext.incoming(
                    requestId,
                    Headers.tenant(exchange.header("inference-tenant")),
                    timeout,
                    trace,
                    Reuse.of(exchange.header("cache-control")));
            stream = Headers.wantsStream(exchange.header("accept"))
                    ? new EventStream(exchange, requestId, context.cancel(), Framing.NAMED)
                    : null;
        } catch (InferenceException refused) {
            exchange.respond(failure(refused, requestId, trace, null, null));
            return;
        }
        exchange.onCancel(context.cancel()::cancel);
        InferenceRequest request = new InferenceRequest(
                task,
                pin,
                new InferenceRequest.Body.Bytes(exchange.body()),
                Headers.baggage(exchange.headers("baggage")),
                context,
                stream);
        if (exchange.body().length > LARGE_BODY) {
            Thread.ofVirtual().name("patchbay-read").start(() -> infer(exchange, request, stream));
        } else {
            infer(exchange, request, stream);
        }
    }

    private void infer(HttpExchange exchange, InferenceRequest request, @Nullable EventStream stream) {
        gateway.infer(request).whenComplete((reply, bug) -> {
            if (bug != null) {
                exchange.fail(bug);
            } else if (stream == null) {
                exchange.respond(answer(reply));
            } else {
                // the end of a stream waits for its reader; the thread that brings it must not
                Thread.ofVirtual().name("patchbay-stream-end").start(() -> end(stream, reply));
            }
        });
    }

    private static void end(EventStream stream, InferenceReply reply) {
        switch (reply.outcome()) {
            case Outcome.Answer(byte[] json) ->
                stream.result(json, reply.record().cache());
            case Outcome.Failure failure -> stream.failed(answer(reply), failure.error());
        }
    }

    private static Answer answer(InferenceReply reply) {
        CallRecord record = reply.record();
        Resolution resolution = record.resolution();
        return switch (record.outcome()) {
            case Outcome.Answer(byte[] json) ->
                new Answer(200, identity(AnswerHeaders.contentType("application/json"), record), json);
            case Outcome.Failure(InferenceException error) ->
                failure(
                        error,
                        record.context().requestId(),
                        record.context().trace(),
                        error.code() == ErrorCode.UNKNOWN_TASK ? null : record.task(),
                        resolution);
        };
    }

    private static Answer failure(
            InferenceException error,
            String requestId,
            TraceContext trace,
            @Nullable String task,
            @Nullable Resolution resolution) {
        Problem problem = new Problem(
                error.code(),
                error.getMessage(),
                error.fields(),
                error.retryAfter().orElse(null),
                requestId,
                trace.traceId(),
                task,
                resolution == null ? null : resolution.version());
        AnswerHeaders headers = identity(AnswerHeaders.contentType(Problem.MEDIA_TYPE), requestId, resolution);
        String retryAfter = problem.retryAfterSeconds();
        if (retryAfter != null) {
            headers.add("retry-after", retryAfter);
        }
        return new Answer(problem.status(), headers, problem.json());
    }

    /// Adds who answered, why, and from where.
    public static AnswerHeaders identity(AnswerHeaders headers, CallRecord record) {
        identity(headers, record.context().requestId(), record.resolution());
        if (record.cache() != CacheResult.NONE) {
            headers.add("inference-cache", record.cache().label());
        }
        return headers;
    }

    /// Adds who answered, and why.
    public static AnswerHeaders identity(AnswerHeaders headers, String requestId, @Nullable Resolution resolution) {
        headers.add("inference-request-id", requestId);
        return route(headers, resolution);
    }

    /// Adds which version answered, and why.
    public static AnswerHeaders route(AnswerHeaders headers, @Nullable Resolution resolution) {
        if (resolution != null) {
            headers.add("inference-version", resolution.version());
            headers.add("inference-route", resolution.header());
        }
        return headers;
    }
}
