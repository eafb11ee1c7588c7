package dev.patchbay.server.chat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.Gateway;
import dev.patchbay.core.InferenceReply;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.Reuse;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.inference.EventStream;
import dev.patchbay.server.inference.Headers;
import dev.patchbay.server.inference.InferenceHandler;
import dev.patchbay.server.inference.RequestIds;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A chat protocol over tasks: the "model" of a question is a task, or `task@version`.
final class ChatHandler {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LARGE_BODY = 16 * 1024;
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Gateway gateway;
    private final JsonReader reader;
    private final ChatProtocol protocol;
    private final RequestIds ids = new RequestIds();

    ChatHandler(Gateway gateway, JsonReader reader, ChatProtocol protocol) {
        this.gateway = gateway;
        this.reader = reader;
        this.protocol = protocol;
    }

    /// Reads a long conversation off the event loop, which others share.
    void handle(HttpExchange exchange) {
        if (exchange.body().length > LARGE_BODY) {
            Thread.ofVirtual().name("patchbay-chat").start(() -> ask(exchange));
        } else {
            ask(exchange);
        }
    }

    private void ask(HttpExchange exchange) {
        String requestId = ids.of(exchange.header("inference-request-id"));
        try {
            Headers.requireJson(exchange);
            ChatCall call = protocol.call(reader.read(exchange.body()), requestId);
            CallContext context = CallContext.incoming(
                    requestId,
                    Headers.tenant(exchange.header("inference-tenant")),
                    Headers.timeout(exchange.header("inference-timeout"), LONGEST),
                    Headers.trace(exchange.header("traceparent"), exchange.headers("tracestate")),
                    Reuse.of(exchange.header("cache-control")));
            exchange.onCancel(context.cancel()::cancel);
            EventStream stream = call.streams() ? new EventStream(exchange, requestId, context.cancel(), call) : null;
            infer(exchange, request(exchange, call, context, stream), stream);
        } catch (InferenceException refused) {
            exchange.respond(failure(refused, requestId, null));
        } catch (RuntimeException bug) {
            exchange.fail(bug);
        }
    }

    private static InferenceRequest request(
            HttpExchange exchange, ChatCall call, CallContext context, @Nullable EventStream stream) {
        String model = call.model();
        if (model.isEmpty()) {
            throw InferenceException.invalid("/model", "is missing; it is the name of a task, or task@version");
        }
        int at = model.indexOf('@');
        return new InferenceRequest(
                at < 0 ? model : model.substring(0, at),
                at < 0 ? null : model.substring(at + 1),
                new InferenceRequest.Body.Foreign(call, call.conversation()),
                Headers.baggage(exchange.headers("baggage")),
                context,
                stream);
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

    private void end(EventStream stream, InferenceReply reply) {
        switch (reply.outcome()) {
            case Outcome.Answer(byte[] events) ->
                stream.result(events, reply.record().cache());
            case Outcome.Failure failure -> stream.failed(answer(reply), failure.error());
        }
    }

    private Answer answer(InferenceReply reply) {
        String requestId = reply.record().context().requestId();
        Resolution resolution = reply.record().resolution();
        return switch (reply.outcome()) {
            case Outcome.Answer(byte[] json) ->
                new Answer(
                        200,
                        InferenceHandler.identity(AnswerHeaders.contentType("application/json"), reply.record()),
                        json);
            case Outcome.Failure(InferenceException error) -> failure(error, requestId, resolution);
        };
    }

    private Answer failure(InferenceException error, String requestId, @Nullable Resolution resolution) {
        AnswerHeaders headers =
                InferenceHandler.identity(AnswerHeaders.contentType("application/json"), requestId, resolution);
        error.retryAfter().ifPresent(wait -> headers.add("retry-after", seconds(wait)));
        JsonNode body = protocol.error(error.code(), error.getMessage(), requestId);
        // clients of these protocols know no 499
        int status = error.code() == ErrorCode.CANCELLED ? 408 : error.code().httpStatus();
        return new Answer(status, headers, JSON.writeValueAsBytes(body));
    }

    private static String seconds(Duration wait) {
        return String.format(Locale.ROOT, "%d", Math.max(1, (wait.toMillis() + 999) / 1000));
    }
}
