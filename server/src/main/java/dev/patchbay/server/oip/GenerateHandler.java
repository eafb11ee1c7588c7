package dev.patchbay.server.oip;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.Gateway;
import dev.patchbay.core.InferenceReply;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.inference.EventStream;
import dev.patchbay.server.inference.Headers;
import dev.patchbay.server.inference.InferenceHandler;
import dev.patchbay.server.inference.RequestIds;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `…/generate` answers at once, `…/generate_stream` as it goes, as server-sent events.
final class GenerateHandler {

    private final Gateway gateway;
    private final JsonReader json;
    private final RequestIds ids = new RequestIds();

    GenerateHandler(Gateway gateway, JsonReader json) {
        this.gateway = gateway;
        this.json = json;
    }

    /// Answers on a thread of its own: texts are long.
    void handle(HttpExchange exchange, @Nullable String version, boolean streams) {
        long arrived = System.nanoTime();
        Thread.ofVirtual().name("patchbay-generate").start(() -> generate(exchange, version, streams, arrived));
    }

    private void generate(HttpExchange exchange, @Nullable String version, boolean streams, long arrived) {
        String requestId = ids.of(exchange.header("inference-request-id"));
        try {
            Headers.requirePlain(exchange.header("content-encoding"));
            OipCaller caller = OipCaller.of(InferHandler.heads(exchange), requestId, arrived);
            GenerateCall call = new GenerateCall(json.read(exchange.body()), streams);
            CallContext context = caller.context(Map.of());
            EventStream stream = streams ? new EventStream(exchange, requestId, context.cancel(), call) : null;
            exchange.onCancel(context.cancel()::cancel);
            gateway.infer(new InferenceRequest(
                            exchange.pathParameter("model"),
                            version,
                            new InferenceRequest.Body.Foreign(call, call.conversation()),
                            caller.baggage(),
                            context,
                            stream))
                    .whenComplete((reply, bug) -> {
                        if (bug != null) {
                            exchange.fail(bug);
                        } else if (stream == null) {
                            exchange.respond(answer(reply));
                        } else {
                            // the end of a stream waits for its reader; the thread that brings it must not
                            Thread.ofVirtual().name("patchbay-stream-end").start(() -> end(stream, reply));
                        }
                    });
        } catch (InferenceException refused) {
            gateway.refused(exchange.pathParameter("model"), OipCaller.unread(requestId, arrived), refused);
            exchange.respond(OipAnswers.error(refused, requestId, null));
        } catch (RuntimeException bug) {
            exchange.fail(bug);
        }
    }

    private static void end(EventStream stream, InferenceReply reply) {
        switch (reply.outcome()) {
            case Outcome.Answer(byte[] last) ->
                stream.result(last, reply.record().cache());
            case Outcome.Failure failure -> stream.failed(answer(reply), failure.error());
        }
    }

    private static Answer answer(InferenceReply reply) {
        String requestId = reply.record().context().requestId();
        Resolution resolution = reply.record().resolution();
        return switch (reply.outcome()) {
            case Outcome.Answer(byte[] body) ->
                new Answer(
                        200,
                        InferenceHandler.identity(AnswerHeaders.contentType("application/json"), requestId, resolution),
                        body);
            case Outcome.Failure(InferenceException error) -> OipAnswers.error(error, requestId, resolution);
        };
    }
}
