package dev.patchbay.llm.fake;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Anthropic's messages.
final class AnthropicWording implements Wording {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Reply reply;
    private final String model;

    AnthropicWording(Received request, Reply reply) {
        this.reply = reply;
        this.model = request.body().path("model").asString("fake");
    }

    @Override
    public String whole() {
        return answer().put("stop_reason", stop()).toString();
    }

    @Override
    public String withoutFinish() {
        return answer().putNull("stop_reason").toString();
    }

    private ObjectNode answer() {
        ObjectNode message = message();
        ArrayNode content = message.putArray("content");
        if (!reply.text().isEmpty()) {
            content.addObject().put("type", "text").put("text", reply.text());
        }
        for (JsonNode call : reply.toolCalls()) {
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", call.path("id").asString(""))
                    .put("name", call.path("function").path("name").asString(""))
                    .set("input", JsonMapper.shared().readTree(arguments(call)));
        }
        Reply.Counted counted = reply.counted();
        if (counted != null) {
            input(message.putObject("usage"), counted).put("output_tokens", counted.output());
        }
        return message;
    }

    private static String arguments(JsonNode call) {
        return call.path("function").path("arguments").asString("{}");
    }

    /// Cached tokens are told beside the others here.
    private static ObjectNode input(ObjectNode usage, Reply.Counted counted) {
        return usage.put("input_tokens", counted.prompt() - counted.cached())
                .put("cache_read_input_tokens", counted.cached())
                .put("cache_creation_input_tokens", 0);
    }

    private ObjectNode message() {
        return JSON.objectNode()
                .put("id", "msg_fake")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
    }

    private String stop() {
        return switch (reply.finish()) {
            case "length" -> "max_tokens";
            case "tool_calls" -> "tool_use";
            case "content_filter" -> "refusal";
            default -> "end_turn";
        };
    }

    @Override
    public String error() {
        return errorOf(reply.status() == 429 ? "rate_limit_error" : "api_error", reply.text());
    }

    @Override
    public String errorInside() {
        return errorOf("overloaded_error", "the engine died");
    }

    private static String errorOf(String type, String message) {
        ObjectNode error = JSON.objectNode().put("type", "error");
        error.putObject("error").put("type", type).put("message", message);
        return error.toString();
    }

    @Override
    public List<String> opening() {
        ObjectNode start = JSON.objectNode().put("type", "message_start");
        ObjectNode message = message();
        message.putArray("content");
        Reply.Counted counted = reply.counted();
        if (counted != null) {
            input(message.putObject("usage"), counted).put("output_tokens", 1);
        }
        start.set("message", message);
        ObjectNode block = JSON.objectNode().put("type", "content_block_start").put("index", 0);
        block.putObject("content_block").put("type", "text").put("text", "");
        return List.of(event(start), event(JSON.objectNode().put("type", "ping")), event(block));
    }

    @Override
    public String token(String text) {
        ObjectNode delta = JSON.objectNode().put("type", "content_block_delta").put("index", 0);
        delta.putObject("delta").put("type", "text_delta").put("text", text);
        return event(delta);
    }

    @Override
    public List<String> closing(Fault fault) {
        List<String> events = new ArrayList<>();
        events.add(event(JSON.objectNode().put("type", "content_block_stop").put("index", 0)));
        int index = 1;
        for (JsonNode call : reply.toolCalls()) {
            ObjectNode start =
                    JSON.objectNode().put("type", "content_block_start").put("index", index);
            ObjectNode block = start.putObject("content_block")
                    .put("type", "tool_use")
                    .put("id", call.path("id").asString(""))
                    .put("name", call.path("function").path("name").asString(""));
            block.putObject("input");
            events.add(event(start));
            ObjectNode delta =
                    JSON.objectNode().put("type", "content_block_delta").put("index", index++);
            delta.putObject("delta").put("type", "input_json_delta").put("partial_json", arguments(call));
            events.add(event(delta));
        }
        if (fault != Fault.NO_FINISH_REASON) {
            ObjectNode last = JSON.objectNode().put("type", "message_delta");
            last.putObject("delta").put("stop_reason", stop());
            Reply.Counted counted = reply.counted();
            if (counted != null) {
                last.putObject("usage").put("output_tokens", counted.output());
            }
            events.add(event(last));
        }
        if (fault != Fault.NO_END_MARKER) {
            events.add(event(JSON.objectNode().put("type", "message_stop")));
        }
        return events;
    }

    private static String event(ObjectNode data) {
        return "event: " + data.path("type").asString("") + "\ndata: " + data + "\n\n";
    }
}
