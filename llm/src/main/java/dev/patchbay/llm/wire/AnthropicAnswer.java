package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.FinishReason;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An answer in Anthropic's form, as it is put together from its events.
final class AnthropicAnswer implements StreamedAnswer {

    private final String provider;
    private final StringBuilder text = new StringBuilder();
    /// Content block → tool call.
    private final TreeMap<Integer, ToolCall> toolCalls = new TreeMap<>();
    private String model;
    private @Nullable String stop;
    private @Nullable ObjectNode counts;
    private boolean ended;

    AnthropicAnswer(String provider, String model) {
        this.provider = provider;
        this.model = model;
    }

    private record ToolCall(int number, String id, String name, StringBuilder arguments) {

        ObjectNode piece() {
            ObjectNode call = JsonNodeFactory.instance.objectNode();
            call.put("id", id).put("type", "function");
            call.withObject("/function").put("name", name).put("arguments", arguments.toString());
            return call;
        }
    }

    @Override
    public List<Delta> take(SseReader.Event said) throws ProviderFailure {
        JsonNode event = said.json();
        if (ErrorAnswer.isError(event)) {
            throw ErrorAnswer.of(event).inside(provider);
        }
        List<Delta> deltas = new ArrayList<>(1);
        switch (event.path("type").asString("")) {
            case "message_start" -> head(event.path("message"));
            case "content_block_start" -> block(event.path("index").asInt(0), event.path("content_block"), deltas);
            case "content_block_delta" -> delta(event.path("index").asInt(0), event.path("delta"), deltas);
            case "message_delta" -> {
                count(event.path("usage"));
                stopped(event.path("delta"));
            }
            case "message_stop" -> ended = true;
            default -> {
                // pings, ends of blocks, and what is not known yet
            }
        }
        return deltas;
    }

    private void head(JsonNode message) {
        model = message.path("model").asString(model);
        count(message.path("usage"));
    }

    private void block(int index, JsonNode block, List<Delta> deltas) {
        switch (block.path("type").asString("")) {
            case "text" -> text(block.path("text").asString(""), deltas);
            case "tool_use" -> {
                ToolCall call = new ToolCall(
                        toolCalls.size(),
                        block.path("id").asString(""),
                        block.path("name").asString(""),
                        new StringBuilder());
                toolCalls.put(index, call);
                ObjectNode piece = call.piece();
                piece.put("index", call.number());
                deltas.add(new Delta.ToolCalls(one(piece)));
                if (!block.path("input").isEmpty()) {
                    call.arguments().append(block.path("input"));
                }
            }
            default -> {
                // thinking begins empty
            }
        }
    }

    private void delta(int index, JsonNode delta, List<Delta> deltas) {
        switch (delta.path("type").asString("")) {
            case "text_delta" -> text(delta.path("text").asString(""), deltas);
            case "thinking_delta" ->
                deltas.add(new Delta.Reasoning(delta.path("thinking").asString("")));
            case "input_json_delta" -> {
                ToolCall call = toolCalls.get(index);
                String piece = delta.path("partial_json").asString("");
                if (call != null && !piece.isEmpty()) {
                    call.arguments().append(piece);
                    ObjectNode written = JsonNodeFactory.instance.objectNode().put("index", call.number());
                    written.putObject("function").put("arguments", piece);
                    deltas.add(new Delta.ToolCalls(one(written)));
                }
            }
            default -> {
                // signatures and citations
            }
        }
    }

    private void text(String piece, List<Delta> deltas) {
        if (!piece.isEmpty()) {
            text.append(piece);
            deltas.add(new Delta.Text(piece));
        }
    }

    private static ArrayNode one(ObjectNode piece) {
        return JsonNodeFactory.instance.arrayNode().add(piece);
    }

    private void count(JsonNode usage) {
        if (usage.isObject()) {
            counts = counts == null ? JsonNodeFactory.instance.objectNode() : counts;
            counts.setAll((ObjectNode) usage);
        }
    }

    private void stopped(JsonNode node) throws ProviderFailure {
        if (node.path("stop_reason").isString()) {
            stop = node.path("stop_reason").stringValue();
            if (stop.equals("refusal")) {
                throw new ProviderFailure(
                        Kind.CONTENT_FILTERED,
                        provider,
                        "Provider '%s' held its answer back by its own rules".formatted(provider),
                        null,
                        usage(),
                        null);
            }
        }
    }

    /// Cached tokens are counted beside the prompt here.
    @Override
    public @Nullable Usage usage() {
        if (counts == null || !counts.path("input_tokens").isIntegralNumber()) {
            return null;
        }
        return new Usage(
                counts.path("input_tokens").asLong(),
                counts.path("cache_read_input_tokens").asLong(0),
                counts.path("cache_creation_input_tokens").asLong(0),
                counts.path("output_tokens").asLong(0));
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public ChatAnswer done() throws ProviderFailure {
        if (stop == null) {
            throw truncated();
        }
        List<JsonNode> calls = new ArrayList<>();
        toolCalls.values().forEach(call -> calls.add(call.piece()));
        return new ChatAnswer(
                model, text.toString(), calls, reason(stop), usage(), JsonNodeFactory.instance.objectNode());
    }

    @Override
    public ProviderFailure truncated() {
        String missing = stop == null ? "finish reason" : "end marker";
        return new ProviderFailure(
                Kind.TRUNCATED,
                provider,
                "The answer of provider '%s' ended without its %s".formatted(provider, missing),
                null,
                usage(),
                null);
    }

    /// Reads an answer that came at once.
    static ChatAnswer whole(String provider, JsonNode answer) throws ProviderFailure {
        if (ErrorAnswer.isError(answer)) {
            throw ErrorAnswer.of(answer).inside(provider);
        }
        AnthropicAnswer whole = new AnthropicAnswer(provider, "");
        whole.head(answer);
        int index = 0;
        for (JsonNode block : answer.path("content")) {
            whole.block(index++, block, new ArrayList<>());
        }
        whole.stopped(answer);
        return whole.done();
    }

    private static FinishReason reason(String word) {
        return switch (word) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            default -> FinishReason.OTHER;
        };
    }
}
