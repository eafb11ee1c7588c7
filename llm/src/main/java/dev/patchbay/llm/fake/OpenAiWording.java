package dev.patchbay.llm.fake;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's chat completions.
final class OpenAiWording implements Wording {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Reply reply;
    private final String model;

    OpenAiWording(Received request, Reply reply) {
        this.reply = reply;
        this.model = request.body().path("model").asString("fake");
    }

    @Override
    public String whole() {
        return answer(true).toString();
    }

    @Override
    public String withoutFinish() {
        return answer(false).toString();
    }

    private ObjectNode answer(boolean finished) {
        ObjectNode answer = head("chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        ObjectNode message =
                choice.putObject("message").put("role", "assistant").put("content", reply.text());
        if (!reply.toolCalls().isEmpty()) {
            message.putArray("tool_calls").addAll(reply.toolCalls());
        }
        if (finished) {
            choice.put("finish_reason", reply.finish());
        } else {
            choice.putNull("finish_reason");
        }
        usage(answer);
        return answer;
    }

    private void usage(ObjectNode node) {
        Reply.Counted counted = reply.counted();
        if (counted != null) {
            ObjectNode usage = node.putObject("usage")
                    .put("prompt_tokens", counted.prompt())
                    .put("completion_tokens", counted.output())
                    .put("total_tokens", counted.prompt() + counted.output());
            usage.putObject("prompt_tokens_details").put("cached_tokens", counted.cached());
        }
    }

    private ObjectNode head(String kind) {
        return JSON.objectNode()
                .put("id", "chatcmpl-fake")
                .put("object", kind)
                .put("created", 1_700_000_000)
                .put("model", model);
    }

    @Override
    public String error() {
        ObjectNode error = JSON.objectNode();
        error.putObject("error")
                .put("message", reply.text())
                .put("type", reply.status() == 429 ? "rate_limit_error" : "server_error")
                .putNull("code");
        return error.toString();
    }

    @Override
    public String errorInside() {
        ObjectNode error = JSON.objectNode();
        error.putObject("error").put("message", "the engine died").put("code", 500);
        return error.toString();
    }

    @Override
    public List<String> opening() {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices")
                .addObject()
                .put("index", 0)
                .putNull("finish_reason")
                .putObject("delta")
                .put("role", "assistant")
                .put("content", "");
        return List.of(": hello\n\n", event(chunk));
    }

    @Override
    public String token(String text) {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices")
                .addObject()
                .put("index", 0)
                .putNull("finish_reason")
                .putObject("delta")
                .put("content", text);
        return event(chunk);
    }

    @Override
    public List<String> closing(Fault fault) {
        List<String> events = new ArrayList<>();
        int index = 0;
        for (JsonNode call : reply.toolCalls()) {
            ObjectNode piece = ((ObjectNode) call.deepCopy()).put("index", index++);
            ObjectNode chunk = head("chat.completion.chunk");
            chunk.putArray("choices")
                    .addObject()
                    .put("index", 0)
                    .putObject("delta")
                    .putArray("tool_calls")
                    .add(piece);
            events.add(event(chunk));
        }
        if (fault != Fault.NO_FINISH_REASON) {
            ObjectNode last = head("chat.completion.chunk");
            last.putArray("choices")
                    .addObject()
                    .put("index", 0)
                    .put("finish_reason", reply.finish())
                    .putObject("delta");
            events.add(event(last));
        }
        if (reply.counted() != null) {
            ObjectNode usage = head("chat.completion.chunk");
            usage.putArray("choices");
            usage(usage);
            events.add(event(usage));
        }
        if (fault != Fault.NO_END_MARKER) {
            events.add("data: [DONE]\n\n");
        }
        return events;
    }

    private static String event(ObjectNode data) {
        return "data: " + data + "\n\n";
    }
}
