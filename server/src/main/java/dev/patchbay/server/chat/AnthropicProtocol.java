package dev.patchbay.server.chat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.server.inference.Framing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// [Anthropic's messages](https://docs.anthropic.com/en/api/messages).
final class AnthropicProtocol implements ChatProtocol {

    @Override
    public ChatCall call(JsonNode body, String requestId) {
        if (!(body instanceof ObjectNode question) || !body.path("messages").isArray()) {
            throw InferenceException.invalid("/messages", "must be a list of messages");
        }
        return new Message(AnthropicQuestion.conversation(question), requestId);
    }

    @Override
    public JsonNode error(ErrorCode code, String message, String requestId) {
        ObjectNode error = JsonNodeFactory.instance.objectNode().put("type", "error");
        error.putObject("error").put("type", type(code)).put("message", message);
        return error.put("request_id", requestId);
    }

    private static String type(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED -> "authentication_error";
            case PERMISSION_DENIED -> "permission_error";
            case UNKNOWN_TASK, UNKNOWN_VERSION, NOT_FOUND -> "not_found_error";
            case PAYLOAD_TOO_LARGE -> "request_too_large";
            case RATE_LIMITED, BUDGET_EXHAUSTED -> "rate_limit_error";
            case OVERLOADED, VERSION_UNAVAILABLE, CIRCUIT_OPEN, SHUTTING_DOWN -> "overloaded_error";
            case DEADLINE_EXCEEDED -> "timeout_error";
            default -> code.kind() == ErrorCode.Kind.CALLER ? "invalid_request_error" : "api_error";
        };
    }

    /// One message.
    private static final class Message extends ChatCall {

        private final String id;
        /// The number of the content block that is open; -1 before the first.
        private int block = -1;
        private boolean textIsOpen;

        Message(ObjectNode conversation, String requestId) {
            super(conversation);
            this.id = "msg_" + requestId;
        }

        @Override
        byte[] whole(ChatReply reply) {
            ObjectNode message = head();
            var content = message.putArray("content");
            if (!reply.text().isEmpty() || reply.toolCalls() == null) {
                content.addObject().put("type", "text").put("text", reply.text());
            }
            if (reply.toolCalls() != null) {
                for (JsonNode call : reply.toolCalls()) {
                    tool(content.addObject(), call)
                            .set(
                                    "input",
                                    input(call.path("function")
                                            .path("arguments")
                                            .asString("")));
                }
            }
            message.put("stop_reason", reason(reply)).putNull("stop_sequence");
            message.set("usage", usage(reply));
            return JSON.writeValueAsBytes(message);
        }

        @Override
        byte[] piece(String text, @Nullable JsonNode toolCalls, boolean first) {
            var events = new ByteArrayOutputStream();
            if (first) {
                begin(events);
            }
            if (!text.isEmpty()) {
                text(events, text);
            }
            if (toolCalls != null) {
                for (JsonNode call : toolCalls) {
                    tool(events, call);
                }
            }
            return events.toByteArray();
        }

        @Override
        byte[] last(ChatReply reply, boolean said) {
            var events = new ByteArrayOutputStream();
            if (!said) {
                events.writeBytes(piece(reply.text(), reply.toolCalls(), true));
            }
            if (block < 0) {
                text(events, "");
            }
            close(events);
            ObjectNode delta = event("message_delta");
            delta.putObject("delta").put("stop_reason", reason(reply)).putNull("stop_sequence");
            delta.set("usage", usage(reply));
            send(events, delta);
            send(events, event("message_stop"));
            return events.toByteArray();
        }

        /// An error ends the stream in place of `message_stop`.
        @Override
        public byte[] error(byte[] json) {
            return Framing.event("event: error\ndata: ".getBytes(StandardCharsets.US_ASCII), json);
        }

        private void begin(ByteArrayOutputStream events) {
            ObjectNode start = event("message_start");
            ObjectNode message = head();
            message.putArray("content");
            message.putNull("stop_reason").putNull("stop_sequence");
            message.putObject("usage").put("input_tokens", 0).put("output_tokens", 0);
            start.set("message", message);
            send(events, start);
        }

        private void text(ByteArrayOutputStream events, String text) {
            if (!textIsOpen) {
                close(events);
                ObjectNode start = open();
                start.putObject("content_block").put("type", "text").put("text", "");
                send(events, start);
                textIsOpen = true;
            }
            ObjectNode delta = event("content_block_delta").put("index", block);
            delta.putObject("delta").put("type", "text_delta").put("text", text);
            send(events, delta);
        }

        private void tool(ByteArrayOutputStream events, JsonNode call) {
            if (call.path("id").isString()) {
                close(events);
                ObjectNode start = open();
                tool(start.putObject("content_block"), call).putObject("input");
                send(events, start);
                textIsOpen = false;
            }
            String arguments = call.path("function").path("arguments").asString("");
            if (!arguments.isEmpty()) {
                ObjectNode delta = event("content_block_delta").put("index", block);
                delta.putObject("delta").put("type", "input_json_delta").put("partial_json", arguments);
                send(events, delta);
            }
        }

        private ObjectNode open() {
            block++;
            return event("content_block_start").put("index", block);
        }

        private void close(ByteArrayOutputStream events) {
            if (block >= 0) {
                send(events, event("content_block_stop").put("index", block));
            }
        }

        private static ObjectNode tool(ObjectNode block, JsonNode call) {
            return block.put("type", "tool_use")
                    .put("id", call.path("id").asString(""))
                    .put("name", call.path("function").path("name").asString(""));
        }

        private ObjectNode head() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("id", id)
                    .put("type", "message")
                    .put("role", "assistant")
                    .put("model", model());
        }

        private static ObjectNode event(String type) {
            return JsonNodeFactory.instance.objectNode().put("type", type);
        }

        private static void send(ByteArrayOutputStream events, ObjectNode event) {
            byte[] head =
                    ("event: " + event.path("type").stringValue() + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
            events.writeBytes(Framing.event(head, JSON.writeValueAsBytes(event)));
        }

        private static JsonNode input(String arguments) {
            try {
                return arguments.isBlank() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(arguments);
            } catch (JacksonException e) {
                return JsonNodeFactory.instance.objectNode().put("arguments", arguments);
            }
        }

        private static String reason(ChatReply reply) {
            return switch (reply.finish()) {
                case "length" -> "max_tokens";
                case "tool_calls" -> "tool_use";
                default -> "end_turn";
            };
        }

        /// Cached tokens are counted beside the prompt here.
        private static ObjectNode usage(ChatReply reply) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("input_tokens", reply.tokens("input"))
                    .put("cache_read_input_tokens", reply.tokens("cache_read"))
                    .put("cache_creation_input_tokens", reply.tokens("cache_write"))
                    .put("output_tokens", reply.tokens("output"));
        }
    }
}
