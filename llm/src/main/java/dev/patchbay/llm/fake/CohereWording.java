package dev.patchbay.llm.fake;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Cohere's chat, version 2.
final class CohereWording implements Wording {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Reply reply;

    CohereWording(Reply reply) {
        this.reply = reply;
    }

    @Override
    public String whole() {
        return answer().put("finish_reason", finish()).toString();
    }

    @Override
    public String withoutFinish() {
        return answer().putNull("finish_reason").toString();
    }

    private ObjectNode answer() {
        ObjectNode answer = JSON.objectNode().put("id", "fake");
        ObjectNode message = answer.putObject("message").put("role", "assistant");
        if (!reply.text().isEmpty()) {
            message.putArray("content").addObject().put("type", "text").put("text", reply.text());
        }
        if (!reply.toolCalls().isEmpty()) {
            message.putArray("tool_calls").addAll(reply.toolCalls());
        }
        usage(answer);
        return answer;
    }

    private void usage(ObjectNode node) {
        Reply.Counted counted = reply.counted();
        if (counted != null) {
            ObjectNode usage = node.putObject("usage");
            usage.putObject("billed_units")
                    .put("input_tokens", counted.prompt())
                    .put("output_tokens", counted.output());
            // with what its own template adds
            usage.putObject("tokens")
                    .put("input_tokens", counted.prompt() + 60)
                    .put("output_tokens", counted.output() + 2);
            usage.put("cached_tokens", counted.cached());
        }
    }

    private String finish() {
        return switch (reply.finish()) {
            case "length" -> "MAX_TOKENS";
            case "tool_calls" -> "TOOL_CALL";
            case "content_filter" -> "ERROR_TOXIC";
            default -> "COMPLETE";
        };
    }

    @Override
    public String error() {
        return JSON.objectNode().put("id", "fake").put("message", reply.text()).toString();
    }

    @Override
    public String errorInside() {
        ObjectNode end = JSON.objectNode().put("type", "message-end").put("finish_reason", "ERROR");
        end.put("error", "the engine died");
        end.putObject("delta").put("finish_reason", "ERROR").put("error", "the engine died");
        return end.toString();
    }

    @Override
    public List<String> opening() {
        ObjectNode start = JSON.objectNode().put("id", "fake").put("type", "message-start");
        start.putObject("delta").putObject("message").put("role", "assistant").put("tool_plan", "");
        ObjectNode block = JSON.objectNode().put("type", "content-start").put("index", 0);
        block.putObject("delta")
                .putObject("message")
                .putObject("content")
                .put("type", "text")
                .put("text", "");
        return List.of(event(start), event(block));
    }

    @Override
    public String token(String text) {
        ObjectNode delta = JSON.objectNode().put("type", "content-delta").put("index", 0);
        delta.putObject("delta").putObject("message").putObject("content").put("text", text);
        return event(delta);
    }

    @Override
    public List<String> closing(Fault fault) {
        List<String> events = new ArrayList<>();
        events.add(event(JSON.objectNode().put("type", "content-end").put("index", 0)));
        int index = 0;
        for (JsonNode call : reply.toolCalls()) {
            ObjectNode head = (ObjectNode) call.deepCopy();
            head.withObject("/function").put("arguments", "");
            ObjectNode start = JSON.objectNode().put("type", "tool-call-start").put("index", index);
            start.putObject("delta").putObject("message").set("tool_calls", head);
            events.add(event(start));
            ObjectNode more = JSON.objectNode().put("type", "tool-call-delta").put("index", index);
            more.putObject("delta")
                    .putObject("message")
                    .putObject("tool_calls")
                    .putObject("function")
                    .set("arguments", call.path("function").path("arguments"));
            events.add(event(more));
            events.add(event(JSON.objectNode().put("type", "tool-call-end").put("index", index++)));
        }
        if (fault != Fault.NO_END_MARKER) {
            ObjectNode end = JSON.objectNode().put("type", "message-end");
            ObjectNode delta = end.putObject("delta");
            if (fault != Fault.NO_FINISH_REASON) {
                delta.put("finish_reason", finish());
            }
            usage(delta);
            events.add(event(end));
        }
        return events;
    }

    private static String event(ObjectNode data) {
        return "event: " + data.path("type").asString("") + "\ndata: " + data + "\n\n";
    }
}
