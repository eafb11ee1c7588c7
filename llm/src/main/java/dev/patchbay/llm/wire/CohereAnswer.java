package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.FinishReason;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An answer in Cohere's form, as it is put together from its events. The end marker is the event `message-end`, which
/// also tells why the answer ended.
final class CohereAnswer implements StreamedAnswer {

    private final String provider;
    private final String model;
    private final StringBuilder text = new StringBuilder();
    private final List<ToolCall> toolCalls = new ArrayList<>();
    private @Nullable String finish;
    private @Nullable Usage usage;
    private boolean ended;

    CohereAnswer(String provider, String model) {
        this.provider = provider;
        this.model = model;
    }

    private record ToolCall(JsonNode head, StringBuilder arguments) {

        ObjectNode whole() {
            ObjectNode call = JsonNodeFactory.instance.objectNode();
            call.set("id", head.path("id"));
            call.put("type", "function");
            call.putObject("function")
                    .put("name", head.path("function").path("name").asString(""))
                    .put("arguments", arguments.toString());
            return call;
        }
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }

    @Override
    public List<Delta> take(SseReader.Event said) throws ProviderFailure {
        JsonNode event = said.json();
        if (ErrorAnswer.isError(event)) {
            throw ErrorAnswer.of(event).inside(provider);
        }
        List<Delta> deltas = new ArrayList<>(1);
        JsonNode message = event.path("delta").path("message");
        switch (event.path("type").asString("")) {
            case "content-start", "content-delta" -> content(message.path("content"), deltas);
            case "tool-plan-delta" -> thought(message.path("tool_plan").asString(""), deltas);
            case "tool-call-start" -> begun(message.path("tool_calls"), deltas);
            case "tool-call-delta" ->
                more(
                        message.path("tool_calls")
                                .path("function")
                                .path("arguments")
                                .asString(""),
                        deltas);
            case "message-end" -> {
                ended = true;
                finished(event.path("delta"));
            }
            default -> {
                // begins, ends and citations, and what is not known yet
            }
        }
        return deltas;
    }

    private void content(JsonNode block, List<Delta> deltas) {
        thought(block.path("thinking").asString(""), deltas);
        String piece = block.path("text").asString("");
        if (!piece.isEmpty()) {
            text.append(piece);
            deltas.add(new Delta.Text(piece));
        }
    }

    private static void thought(String piece, List<Delta> deltas) {
        if (!piece.isEmpty()) {
            deltas.add(new Delta.Reasoning(piece));
        }
    }

    private void begun(JsonNode head, List<Delta> deltas) {
        ToolCall call = new ToolCall(
                head, new StringBuilder(head.path("function").path("arguments").asString("")));
        deltas.add(new Delta.ToolCalls(one(call.whole().put("index", toolCalls.size()))));
        toolCalls.add(call);
    }

    private void more(String arguments, List<Delta> deltas) {
        if (!toolCalls.isEmpty() && !arguments.isEmpty()) {
            toolCalls.getLast().arguments().append(arguments);
            ObjectNode piece = JsonNodeFactory.instance.objectNode().put("index", toolCalls.size() - 1);
            piece.putObject("function").put("arguments", arguments);
            deltas.add(new Delta.ToolCalls(one(piece)));
        }
    }

    private static ArrayNode one(ObjectNode piece) {
        return JsonNodeFactory.instance.arrayNode().add(piece);
    }

    private void finished(JsonNode end) throws ProviderFailure {
        usage = usage(end.path("usage"));
        if (!end.path("finish_reason").isString()) {
            return;
        }
        finish = end.path("finish_reason").stringValue();
        switch (finish) {
            case "ERROR", "TIMEOUT" ->
                throw new ErrorAnswer("", end.path("error").asString(""))
                        .inside(provider)
                        .having(usage);
            case "ERROR_TOXIC" ->
                throw new ProviderFailure(
                        Kind.CONTENT_FILTERED,
                        provider,
                        "Provider '%s' held its answer back by its own rules".formatted(provider),
                        null,
                        usage,
                        null);
            default -> {
                // an answer
            }
        }
    }

    @Override
    public ChatAnswer done() throws ProviderFailure {
        if (finish == null) {
            throw truncated();
        }
        return new ChatAnswer(
                model,
                text.toString(),
                toolCalls.stream().<JsonNode>map(ToolCall::whole).toList(),
                reason(finish),
                usage,
                JsonNodeFactory.instance.objectNode());
    }

    @Override
    public ProviderFailure truncated() {
        return new ProviderFailure(
                Kind.TRUNCATED,
                provider,
                "The answer of provider '%s' ended without its finish reason".formatted(provider),
                null,
                usage,
                null);
    }

    /// Reads an answer that came at once. It does not name the model.
    static ChatAnswer whole(String provider, String model, JsonNode answer) throws ProviderFailure {
        CohereAnswer whole = new CohereAnswer(provider, model);
        whole.finished(answer);
        if (ErrorAnswer.isError(answer)) {
            throw ErrorAnswer.of(answer).inside(provider);
        }
        List<Delta> deltas = new ArrayList<>();
        for (JsonNode block : answer.path("message").path("content")) {
            whole.content(block, deltas);
        }
        for (JsonNode call : answer.path("message").path("tool_calls")) {
            whole.begun(call, deltas);
        }
        return whole.done();
    }

    private static FinishReason reason(String word) {
        return switch (word) {
            case "COMPLETE", "STOP_SEQUENCE" -> FinishReason.STOP;
            case "MAX_TOKENS" -> FinishReason.LENGTH;
            case "TOOL_CALL" -> FinishReason.TOOL_CALLS;
            default -> FinishReason.OTHER;
        };
    }

    /// What is billed counts, where it is told beside what the model read. Cached tokens are counted inside the prompt.
    private static @Nullable Usage usage(JsonNode node) {
        JsonNode counts =
                node.path("billed_units").has("input_tokens") ? node.path("billed_units") : node.path("tokens");
        if (!counts.path("input_tokens").isNumber()
                || !counts.path("output_tokens").isNumber()) {
            return null;
        }
        long prompt = counts.path("input_tokens").asLong();
        long cached = Math.min(prompt, node.path("cached_tokens").asLong(0));
        return new Usage(
                prompt - cached, cached, 0, counts.path("output_tokens").asLong());
    }
}
