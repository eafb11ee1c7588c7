package dev.patchbay.server.chat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.Gateway;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.EmbeddingCall;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.Reuse;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.inference.Headers;
import dev.patchbay.server.inference.RequestIds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// [OpenAI's embeddings](https://platform.openai.com/docs/api-reference/embeddings) over any task that takes one text
/// and answers with a list of numbers. Each input is a call of its own; the first that fails is the answer.
final class Embeddings {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int MOST_INPUTS = 2048;

    private final Gateway gateway;
    private final JsonReader reader;
    private final RequestIds ids = new RequestIds();

    Embeddings(Gateway gateway, JsonReader reader) {
        this.gateway = gateway;
        this.reader = reader;
    }

    void handle(HttpExchange exchange) {
        Thread.ofVirtual().name("patchbay-embeddings").start(() -> {
            try {
                exchange.respond(Answers.json(200, embed(exchange)));
            } catch (InferenceException e) {
                exchange.respond(
                        Answers.json(e.code().httpStatus(), OpenAiProtocol.errorBody(e.code(), e.getMessage())));
            } catch (RuntimeException e) {
                exchange.fail(e);
            }
        });
    }

    private JsonNode embed(HttpExchange exchange) {
        Headers.requireJson(exchange);
        JsonNode body = reader.read(exchange.body());
        String model = body.path("model").asString("");
        if (model.isEmpty()) {
            throw InferenceException.invalid("/model", "is missing; it is the name of a task, or task@version");
        }
        List<String> inputs = inputs(body.path("input"));
        boolean base64 = body.path("encoding_format").asString("float").equals("base64");
        int at = model.indexOf('@');
        List<CallContext> contexts =
                inputs.stream().map(input -> context(exchange)).toList();
        exchange.onCancel(() -> contexts.forEach(context -> context.cancel().cancel()));
        List<CompletableFuture<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            calls.add(gateway.infer(new InferenceRequest(
                            at < 0 ? model : model.substring(0, at),
                            at < 0 ? null : model.substring(at + 1),
                            new InferenceRequest.Body.Foreign(new EmbeddingCall(inputs.get(i)), body),
                            Headers.baggage(exchange.headers("baggage")),
                            contexts.get(i),
                            null))
                    .thenApply(reply -> reply.outcome()));
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = answer.putArray("data");
        for (CompletableFuture<Outcome> call : calls) {
            JsonNode vector = vector(call.join(), model);
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (base64) {
                entry.put("embedding", base64(vector));
            } else {
                entry.set("embedding", vector);
            }
        }
        answer.put("model", model);
        answer.putObject("usage").put("prompt_tokens", 0).put("total_tokens", 0);
        return answer;
    }

    private CallContext context(HttpExchange exchange) {
        return CallContext.incoming(
                ids.of(exchange.header("inference-request-id")),
                Headers.tenant(exchange.header("inference-tenant")),
                Headers.timeout(exchange.header("inference-timeout"), LONGEST),
                Headers.trace(exchange.header("traceparent"), exchange.headers("tracestate")),
                Reuse.of(exchange.header("cache-control")));
    }

    private static List<String> inputs(JsonNode input) {
        List<String> inputs = new ArrayList<>();
        for (JsonNode each :
                input.isArray() ? input : JsonNodeFactory.instance.arrayNode().add(input)) {
            if (!each.isString()) {
                throw InferenceException.invalid("/input", "must be a text or a list of texts");
            }
            inputs.add(each.stringValue());
        }
        if (inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
            throw InferenceException.invalid("/input", "must be 1 to " + MOST_INPUTS + " texts");
        }
        return inputs;
    }

    private static JsonNode vector(Outcome outcome, String model) {
        return switch (outcome) {
            case Outcome.Failure failure -> throw failure.error();
            case Outcome.Answer(byte[] json) -> {
                JsonNode found = EmbeddingCall.numbers(JSON.readTree(json));
                if (found == null) {
                    throw new InferenceException(
                            ErrorCode.INVALID_REQUEST,
                            "Task '%s' answers with no list of numbers, so it makes no embeddings".formatted(model));
                }
                yield found;
            }
        };
    }

    private static String base64(JsonNode vector) {
        ByteBuffer floats = ByteBuffer.allocate(vector.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        vector.forEach(number -> floats.putFloat(number.floatValue()));
        return Base64.getEncoder().encodeToString(floats.array());
    }
}
