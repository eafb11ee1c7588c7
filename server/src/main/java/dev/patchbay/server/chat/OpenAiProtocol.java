package dev.patchbay.server.chat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// [OpenAI's chat completions](https://platform.openai.com/docs/api-reference/chat).
final class OpenAiProtocol implements ChatProtocol {

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final String NO_TEXT = "{\"tool_calls\":[]}";
    private static final byte[] AFTER_TEXT = "\"},\"finish_reason\":null}]}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public ChatCall call(JsonNode body, String requestId) {
        if (!(body instanceof ObjectNode conversation) || !body.path("messages").isArray()) {
            throw InferenceException.invalid("/messages", "must be a list of messages");
        }
        if (body.path("n").asInt(1) != 1) {
            throw InferenceException.invalid("/n", "must be 1: a task gives one answer");
        }
        return new Completion(conversation, requestId);
    }

    @Override
    public JsonNode error(ErrorCode code, String message, String requestId) {
        return errorBody(code, message);
    }

    static ObjectNode errorBody(ErrorCode code, String message) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.putObject("error")
                .put("message", message)
                .put("type", type(code))
                .putNull("param")
                .put("code", code.id());
        return error;
    }

    private static String type(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED -> "authentication_error";
            case PERMISSION_DENIED -> "permission_error";
            case RATE_LIMITED -> "rate_limit_error";
            case BUDGET_EXHAUSTED -> "insufficient_quota";
            default -> code.kind() == ErrorCode.Kind.CALLER ? "invalid_request_error" : "server_error";
        };
    }

    /// One completion.
    private static final class Completion extends ChatCall {

        private final String id;
        private final long created = System.currentTimeMillis() / 1000;
        /// What comes before the text of each event, the same in all of them.
        private byte @Nullable [] beforeText;

        Completion(ObjectNode conversation, String requestId) {
            super(conversation);
            this.id = "chatcmpl-" + requestId;
        }

        @Override
        byte[] whole(ChatReply reply) {
            ObjectNode completion = head("chat.completion");
            ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            if (reply.toolCalls() != null && reply.text().isEmpty()) {
                message.putNull("content");
            } else {
                message.put("content", reply.text());
            }
            if (reply.toolCalls() != null) {
                message.set("tool_calls", reply.toolCalls());
            }
            choice.put("finish_reason", reply.finish());
            if (reply.usage() != null) {
                completion.set("usage", usage(reply));
            }
            return JSON.writeValueAsBytes(completion);
        }

        @Override
        byte[] piece(String text, @Nullable JsonNode toolCalls, boolean first) {
            if (toolCalls == null && !first) {
                return text(text);
            }
            ObjectNode delta = JsonNodeFactory.instance.objectNode();
            if (first) {
                delta.put("role", "assistant");
            }
            if (toolCalls == null) {
                delta.put("content", text);
            } else {
                delta.set("tool_calls", toolCalls);
            }
            return event(DATA, JSON.writeValueAsBytes(chunk(delta, null)));
        }

        /// Gives the event of a text. Only the text is written anew, because a stream has hundreds of them.
        private byte[] text(String text) {
            byte[] head = beforeText;
            if (head == null) {
                byte[] whole = piece("", JsonNodeFactory.instance.arrayNode(), false);
                String json = new String(whole, StandardCharsets.UTF_8);
                head = (json.substring(0, json.lastIndexOf(NO_TEXT)) + "{\"content\":\"")
                        .getBytes(StandardCharsets.UTF_8);
                beforeText = head;
            }
            byte[] said = JsonStringEncoder.getInstance().encodeAsUTF8(text);
            byte[] event = Arrays.copyOf(head, head.length + said.length + AFTER_TEXT.length);
            System.arraycopy(said, 0, event, head.length, said.length);
            System.arraycopy(AFTER_TEXT, 0, event, head.length + said.length, AFTER_TEXT.length);
            return event;
        }

        @Override
        byte[] last(ChatReply reply, boolean said) {
            byte[] rest = said
                    ? new byte[0]
                    : joined(
                            piece(reply.text(), null, true),
                            reply.toolCalls() == null ? new byte[0] : piece("", numbered(reply.toolCalls()), false));
            byte[] end =
                    event(DATA, JSON.writeValueAsBytes(chunk(JsonNodeFactory.instance.objectNode(), reply.finish())));
            byte[] usage = new byte[0];
            if (reply.usage() != null
                    && conversation()
                            .path("stream_options")
                            .path("include_usage")
                            .asBoolean(false)) {
                ObjectNode counted = head("chat.completion.chunk");
                counted.putArray("choices");
                counted.set("usage", usage(reply));
                usage = event(DATA, JSON.writeValueAsBytes(counted));
            }
            return joined(rest, end, usage, DONE);
        }

        private static byte[] event(byte[] head, byte[] json) {
            return dev.patchbay.server.inference.Framing.event(head, json);
        }

        private static JsonNode numbered(JsonNode toolCalls) {
            var numbered = JsonNodeFactory.instance.arrayNode();
            for (JsonNode call : toolCalls) {
                ObjectNode copy = numbered.addObject().put("index", numbered.size() - 1);
                call.properties().forEach(field -> copy.set(field.getKey(), field.getValue()));
            }
            return numbered;
        }

        /// An error ends the stream in place of its end marker.
        @Override
        public byte[] error(byte[] json) {
            return event(DATA, json);
        }

        private ObjectNode head(String object) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("id", id)
                    .put("object", object)
                    .put("created", created)
                    .put("model", model());
        }

        private ObjectNode chunk(ObjectNode delta, @Nullable String finish) {
            ObjectNode chunk = head("chat.completion.chunk");
            ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
            choice.set("delta", delta);
            choice.put("finish_reason", finish);
            return chunk;
        }

        /// Cached tokens are counted inside the prompt here.
        private static ObjectNode usage(ChatReply reply) {
            long prompt = reply.tokens("input") + reply.tokens("cache_read") + reply.tokens("cache_write");
            ObjectNode usage = JsonNodeFactory.instance
                    .objectNode()
                    .put("prompt_tokens", prompt)
                    .put("completion_tokens", reply.tokens("output"))
                    .put("total_tokens", prompt + reply.tokens("output"));
            usage.putObject("prompt_tokens_details").put("cached_tokens", reply.tokens("cache_read"));
            return usage;
        }
    }

    static byte[] joined(byte[]... pieces) {
        var all = new java.io.ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }
}
