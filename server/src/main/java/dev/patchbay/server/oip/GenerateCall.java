package dev.patchbay.server.oip;

import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.TranslatingDialect;
import dev.patchbay.server.chat.ChatReply;
import dev.patchbay.server.chat.TaskQuestion;
import dev.patchbay.server.inference.Framing;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One call of the [generate
/// extension](https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/generate_rest.yaml):
/// a text in, a text out, whole or in pieces. Tasks take the text as they take the last message of a conversation.
final class GenerateCall extends TranslatingDialect implements Framing {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

    private final ObjectNode conversation = JSON.createObjectNode();
    private final boolean streams;
    private boolean said;

    /// Reads a request.
    ///
    /// @throws dev.patchbay.api.InferenceException if it is none
    GenerateCall(JsonNode request, boolean streams) {
        this.streams = streams;
        JsonNode text = request.path("text_input");
        if (!text.isString()) {
            throw Refused.request("The body has no \"text_input\"; it is {\"text_input\": \"…\", \"parameters\": {…}}");
        }
        JsonNode parameters = request.path("parameters");
        if (!parameters.isMissingNode() && !parameters.isObject()) {
            throw Refused.request("\"parameters\" is no object");
        }
        parameters.properties().forEach(parameter -> conversation.set(parameter.getKey(), parameter.getValue()));
        conversation.putArray("messages").addObject().put("role", "user").put("content", text.stringValue());
    }

    /// Gives what routing may look at.
    ObjectNode conversation() {
        return conversation;
    }

    @Override
    public JsonNode question(Callee callee) {
        return TaskQuestion.of(callee.codec().requestSchema(), callee.task(), conversation);
    }

    @Override
    protected byte[] translate(Callee callee, byte[] json) {
        ChatReply reply = ChatReply.of(JSON.readTree(json));
        return output(callee, streams && said ? "" : reply.text(), reply.finish());
    }

    @Override
    public byte[] encodePart(Callee callee, Object part) {
        String text =
                JSON.readTree(callee.codec().encodePart(part)).path("text").asString("");
        if (text.isEmpty()) {
            return new byte[0];
        }
        said = true;
        return output(callee, text, null);
    }

    /// @param finish why it ended; null if more follows
    private static byte[] output(Callee callee, String text, @Nullable String finish) {
        ObjectNode output = JSON.createObjectNode()
                .put("text_output", text)
                .put("model_name", callee.task())
                .put("model_version", callee.version());
        if (finish != null) {
            output.putObject("details").put("finish_reason", finish);
        }
        return JSON.writeValueAsBytes(output);
    }

    @Override
    public byte[] part(byte[] json) {
        return json.length == 0 ? json : Framing.event(DATA, json);
    }

    @Override
    public byte[] result(byte[] json) {
        return Framing.event(DATA, json);
    }

    @Override
    public byte[] error(byte[] json) {
        return Framing.event(DATA, json);
    }
}
