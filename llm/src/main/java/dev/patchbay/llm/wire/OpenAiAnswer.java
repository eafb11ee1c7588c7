package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.FinishReason;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An answer in OpenAI's form, as it is put together from its chunks.
final class OpenAiAnswer implements StreamedAnswer {

    private static final Set<String> KNOWN = Set.of("id", "object", "created", "model", "choices", "usage", "error");

    private final String provider;
    private final StringBuilder text = new StringBuilder();
    private final TreeMap<Integer, ToolCall> toolCalls = new TreeMap<>();
    private final ObjectNode extra = JsonNodeFactory.instance.objectNode();
    private String model;
    private @Nullable String finish;
    private @Nullable Usage usage;
    private boolean ended;

    OpenAiAnswer(String provider, String model) {
        this.provider = provider;
        this.model = model;
    }

    private static final class ToolCall {
        private final ObjectNode call = JsonNodeFactory.instance.objectNode();
        private final StringBuilder arguments = new StringBuilder();
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public List<Delta> take(SseReader.Event event) throws ProviderFailure {
        if (event.says("[DONE]")) {
            ended = true;
            return List.of();
        }
        JsonNode chunk = event.json();
        if (event.name().equals("error") || ErrorAnswer.isError(chunk)) {
            throw ErrorAnswer.of(chunk).inside(provider);
        }
        head(chunk);
        List<Delta> deltas = new ArrayList<>(1);
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt(0) == 0) {
                JsonNode delta = choice.path("delta");
                add(delta, deltas);
                finished(choice);
            }
        }
        return deltas;
    }

    private void head(JsonNode node) {
        model = node.path("model").asString(model);
        if (node.path("usage").isObject()) {
            usage = usage(node.path("usage"));
        }
        node.properties().forEach(field -> {
            if (!KNOWN.contains(field.getKey())) {
                extra.set(field.getKey(), field.getValue());
            }
        });
    }

    private void add(JsonNode delta, List<Delta> deltas) throws ProviderFailure {
        String refusal = delta.path("refusal").asString("");
        if (!refusal.isEmpty()) {
            throw filtered();
        }
        String thought =
                delta.path("reasoning_content").asString(delta.path("reasoning").asString(""));
        if (!thought.isEmpty()) {
            deltas.add(new Delta.Reasoning(thought));
        }
        String piece = delta.path("content").asString("");
        if (!piece.isEmpty()) {
            text.append(piece);
            deltas.add(new Delta.Text(piece));
        }
        JsonNode calls = delta.path("tool_calls");
        if (!calls.isEmpty()) {
            for (JsonNode call : calls) {
                add(call);
            }
            deltas.add(new Delta.ToolCalls(calls));
        }
    }

    private void add(JsonNode piece) {
        ToolCall whole = toolCalls.computeIfAbsent(piece.path("index").asInt(toolCalls.size()), i -> new ToolCall());
        piece.properties().forEach(field -> {
            if (!field.getKey().equals("index") && !field.getKey().equals("function")) {
                whole.call.set(field.getKey(), field.getValue());
            }
        });
        JsonNode function = piece.path("function");
        if (function.has("name")) {
            whole.call.withObject("/function").set("name", function.path("name"));
        }
        whole.arguments.append(function.path("arguments").asString(""));
    }

    private void finished(JsonNode choice) throws ProviderFailure {
        if (choice.path("finish_reason").isString()) {
            finish = choice.path("finish_reason").stringValue();
            if (finish.equals("content_filter")) {
                throw filtered();
            }
        }
    }

    @Override
    public ChatAnswer done() throws ProviderFailure {
        if (finish == null) {
            throw truncated();
        }
        List<JsonNode> calls = new ArrayList<>();
        toolCalls.values().forEach(call -> {
            if (!call.arguments.isEmpty()) {
                call.call.withObject("/function").put("arguments", call.arguments.toString());
            }
            calls.add(call.call);
        });
        return new ChatAnswer(model, text.toString(), calls, reason(finish), usage, extra);
    }

    @Override
    public ProviderFailure truncated() {
        String missing = finish == null ? "finish reason" : "end marker";
        return new ProviderFailure(
                Kind.TRUNCATED,
                provider,
                "The answer of provider '%s' ended without its %s".formatted(provider, missing),
                null,
                usage,
                null);
    }

    /// Reads an answer that came at once.
    static ChatAnswer whole(String provider, JsonNode answer) throws ProviderFailure {
        if (ErrorAnswer.isError(answer)) {
            throw ErrorAnswer.of(answer).inside(provider);
        }
        OpenAiAnswer whole = new OpenAiAnswer(provider, "");
        whole.head(answer);
        JsonNode choice = answer.path("choices").path(0);
        whole.add(choice.path("message"), new ArrayList<>());
        whole.finished(choice);
        return whole.done();
    }

    private ProviderFailure filtered() {
        return new ProviderFailure(
                Kind.CONTENT_FILTERED,
                provider,
                "Provider '%s' held its answer back by its own rules".formatted(provider),
                null,
                usage,
                null);
    }

    private static FinishReason reason(String word) {
        return switch (word) {
            case "stop", "eos" -> FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            default -> FinishReason.OTHER;
        };
    }

    /// Cached tokens are counted inside the prompt here.
    private static @Nullable Usage usage(JsonNode node) {
        if (!node.path("prompt_tokens").isIntegralNumber()
                || !node.path("completion_tokens").isIntegralNumber()) {
            return null;
        }
        long cached = node.path("prompt_tokens_details").path("cached_tokens").asLong(0);
        long prompt = node.path("prompt_tokens").asLong();
        return new Usage(
                Math.max(0, prompt - cached),
                cached,
                0,
                node.path("completion_tokens").asLong());
    }
}
