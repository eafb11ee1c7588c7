package dev.patchbay.core.schema;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The boundary of a module whose request and answer are JSON in plain Java.
///
/// @param part the schema of parts; null if the module does not stream
public record ValueCodec(
        JsonSchema request, JsonSchema response, @Nullable JsonSchema part) implements Codec {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    @Override
    public Object decode(JsonNode body) {
        List<FieldError> errors = request.check(body);
        if (!errors.isEmpty()) {
            throw RecordCodec.refused(ErrorCode.INVALID_REQUEST, "The request does not fit the task's schema", errors);
        }
        return JsonValues.of(request.withDefaults(body));
    }

    @Override
    public byte[] encode(@Nullable Object answer) {
        return MAPPER.writeValueAsBytes(checked(answer, response, "The module's answer does not fit its schema"));
    }

    @Override
    public byte[] encodePart(@Nullable Object value) {
        return MAPPER.writeValueAsBytes(part(value));
    }

    @Override
    public JsonNode part(@Nullable Object value) {
        if (part == null) {
            throw new IllegalStateException("this module has no parts");
        }
        return checked(value, part, "A part of the module's answer does not fit its schema");
    }

    private static JsonNode checked(@Nullable Object value, JsonSchema schema, String complaint) {
        JsonNode tree = value == null ? MAPPER.nullNode() : AnswerTree.of(MAPPER, value);
        List<FieldError> errors = schema.check(tree);
        if (!errors.isEmpty()) {
            throw RecordCodec.refused(ErrorCode.INVALID_RESPONSE, complaint, errors);
        }
        return tree;
    }

    @Override
    public JsonNode write(Object value) {
        return AnswerTree.of(MAPPER, value);
    }

    @Override
    public <T> T read(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the answer is no " + type.getSimpleName(), e);
        }
    }

    @Override
    public JsonNode requestSchema() {
        return request.document();
    }

    @Override
    public JsonNode responseSchema() {
        return response.document();
    }
}
