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
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.inference.Headers;
import dev.patchbay.server.inference.InferenceHandler;
import dev.patchbay.server.inference.RequestIds;
import org.jspecify.annotations.Nullable;

/// `POST /v2/models/{model}/infer` and `…/versions/{version}/infer`: reads the request, asks the gateway, writes the
/// answer.
final class InferHandler {

    /// Larger bodies are read off the event loop, which others share.
    private static final int LARGE_BODY = 16 * 1024;

    private final Gateway gateway;
    private final JsonReader json;
    private final InferReader reader;
    private final RequestIds ids = new RequestIds();

    InferHandler(Gateway gateway, JsonReader json) {
        this.gateway = gateway;
        this.json = json;
        this.reader = new InferReader(json);
    }

    void handle(HttpExchange exchange, @Nullable String version) {
        long arrived = System.nanoTime();
        if (exchange.body().length > LARGE_BODY) {
            Thread.ofVirtual().name("patchbay-read").start(() -> infer(exchange, version, arrived));
        } else {
            infer(exchange, version, arrived);
        }
    }

    private void infer(HttpExchange exchange, @Nullable String version, long arrived) {
        String requestId = ids.of(exchange.header("inference-request-id"));
        try {
            Headers.requirePlain(exchange.header("content-encoding"));
            OipCaller caller = OipCaller.of(heads(exchange), requestId, arrived);
            InferRequest request = reader.read(exchange.body(), exchange.header("inference-header-content-length"));
            RestAnswer form = new RestAnswer();
            InferDialect dialect = new InferDialect(request, form, json);
            CallContext context = caller.context(request.parameters());
            exchange.onCancel(context.cancel()::cancel);
            gateway.infer(new InferenceRequest(
                            exchange.pathParameter("model"),
                            version,
                            new InferenceRequest.Body.Foreign(dialect, dialect.seen()),
                            caller.attributes(request.parameters()),
                            context,
                            null))
                    .whenComplete((reply, bug) -> {
                        if (bug != null) {
                            exchange.fail(bug);
                        } else {
                            exchange.respond(answer(reply, form));
                        }
                    });
        } catch (InferenceException refused) {
            gateway.refused(exchange.pathParameter("model"), OipCaller.unread(requestId, arrived), refused);
            exchange.respond(OipAnswers.error(refused, requestId, null));
        } catch (RuntimeException bug) {
            exchange.fail(bug);
        }
    }

    private static Answer answer(InferenceReply reply, RestAnswer form) {
        String requestId = reply.record().context().requestId();
        Resolution resolution = reply.record().resolution();
        return switch (reply.outcome()) {
            case Outcome.Answer(byte[] body) ->
                new Answer(200, InferenceHandler.identity(form.headers(), requestId, resolution), body);
            case Outcome.Failure(InferenceException error) -> OipAnswers.error(error, requestId, resolution);
        };
    }

    static OipCaller.Heads heads(HttpExchange exchange) {
        return new OipCaller.Heads() {
            @Override
            public @Nullable String first(String name) {
                return exchange.header(name);
            }

            @Override
            public java.util.List<String> all(String name) {
                return exchange.headers(name);
            }
        };
    }
}
