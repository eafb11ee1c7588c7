package dev.patchbay.server.chat;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.TranslatingDialect;
import dev.patchbay.server.inference.Framing;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One call in the words of a chat protocol. What it gives are the bytes that are sent, so that nothing is left to
/// frame but errors.
abstract class ChatCall extends TranslatingDialect implements Framing {

    static final JsonMapper JSON = JsonMapper.shared();

    private final ObjectNode conversation;
    private boolean said;

    /// @param conversation what is asked, in OpenAI's form
    ChatCall(ObjectNode conversation) {
        this.conversation = conversation;
    }

    /// Names the model that was asked for: a task, or `task@version`.
    String model() {
        return conversation.path("model").asString("");
    }

    ObjectNode conversation() {
        return conversation;
    }

    boolean streams() {
        return conversation.path("stream").asBoolean(false);
    }

    @Override
    public JsonNode question(Callee callee) {
        return TaskQuestion.of(callee.codec().requestSchema(), callee.task(), conversation);
    }

    @Override
    protected byte[] translate(Callee callee, byte[] json) {
        ChatReply reply = ChatReply.of(JSON.readTree(json));
        return streams() ? last(reply, said) : whole(reply);
    }

    @Override
    public byte[] encodePart(Callee callee, Object part) {
        JsonNode piece = callee.codec().part(part);
        if (piece.path("restart").asBoolean(false)) {
            throw InferenceException.dependency(
                    "The answer of '%s' began again, which this protocol cannot say".formatted(model()), null);
        }
        String text = piece.path("text").asString("");
        JsonNode tools = piece.path("tool_calls");
        if (text.isEmpty() && tools.isEmpty()) {
            return new byte[0];
        }
        boolean first = !said;
        said = true;
        return piece(text, tools.isEmpty() ? null : tools, first);
    }

    @Override
    public byte[] part(byte[] events) {
        return events;
    }

    @Override
    public byte[] result(byte[] events) {
        return events;
    }

    /// Gives the answer at once.
    abstract byte[] whole(ChatReply reply);

    /// Gives the events of a piece.
    ///
    /// @param first whether nothing came before it
    abstract byte[] piece(String text, @Nullable JsonNode toolCalls, boolean first);

    /// Gives the events that end a stream.
    ///
    /// @param said whether pieces came before; if not, all of the answer is still to be said
    abstract byte[] last(ChatReply reply, boolean said);
}
