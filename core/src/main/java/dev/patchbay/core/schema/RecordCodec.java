package dev.patchbay.core.schema;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import dev.patchbay.api.InferenceException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// The boundary of a module whose request and answer are records.
public final class RecordCodec implements Codec {

    private final JsonSchema request;
    private final JsonSchema response;
    private final @Nullable JsonSchema part;
    private final JsonMapper mapper;
    private final ObjectReader requests;

    /// Makes a codec with caches of its own.
    ///
    /// @param requestType the record that requests are bound to
    /// @param part the schema of parts; null if the module does not stream
    /// @param loader the module's class loader
    public RecordCodec(
            Class<?> requestType,
            JsonSchema request,
            JsonSchema response,
            @Nullable JsonSchema part,
            ClassLoader loader) {
        this.request = request;
        this.response = response;
        this.part = part;
        this.mapper = RecordMapper.create(loader);
        this.requests = mapper.readerFor(requestType);
    }

    @Override
    public Object decode(JsonNode body) {
        List<FieldError> errors = request.check(body);
        if (!errors.isEmpty()) {
            throw refused(ErrorCode.INVALID_REQUEST, "The request does not fit the task's schema", errors);
        }
        try {
            return requests.readValue(request.withDefaults(body));
        } catch (JacksonException e) {
            FieldError error = new FieldError(path(e), reason(e));
            throw refused(ErrorCode.INVALID_REQUEST, "The request is refused by the task", List.of(error));
        }
    }

    @Override
    public byte[] encode(@Nullable Object answer) {
        return mapper.writeValueAsBytes(checked(answer, response, "The module's answer does not fit its schema"));
    }

    @Override
    public byte[] encodePart(@Nullable Object value) {
        return mapper.writeValueAsBytes(part(value));
    }

    @Override
    public JsonNode part(@Nullable Object value) {
        if (part == null) {
            throw new IllegalStateException("this module has no parts");
        }
        return checked(value, part, "A part of the module's answer does not fit its schema");
    }

    private JsonNode checked(@Nullable Object answer, JsonSchema schema, String complaint) {
        if (answer == null) {
            throw refused(
                    ErrorCode.INVALID_RESPONSE,
                    complaint,
                    List.of(new FieldError("", "is null; a module returns an answer or throws")));
        }
        JsonNode tree;
        try {
            tree = AnswerTree.of(mapper, answer);
        } catch (JacksonException e) {
            throw refused(ErrorCode.INVALID_RESPONSE, complaint, List.of(new FieldError(path(e), unreadable(e))));
        }
        List<FieldError> errors = schema.check(tree);
        if (!errors.isEmpty()) {
            throw refused(ErrorCode.INVALID_RESPONSE, complaint, errors);
        }
        return tree;
    }

    @Override
    public JsonNode write(Object value) {
        return AnswerTree.of(mapper, value);
    }

    @Override
    public <T> T read(byte[] json, Class<T> type) {
        return mapper.readValue(json, type);
    }

    @Override
    public JsonNode requestSchema() {
        return request.document();
    }

    @Override
    public JsonNode responseSchema() {
        return response.document();
    }

    static InferenceException refused(ErrorCode code, String complaint, List<FieldError> errors) {
        String fields = errors.stream()
                .limit(3)
                .map(error -> (error.path().isEmpty() ? "it" : error.path()) + " " + error.message())
                .collect(Collectors.joining("; "));
        String more = errors.size() > 3 ? "; and more, see errors" : "";
        return new InferenceException(code, complaint + ": " + fields + more, errors, null, null);
    }

    private static String path(JacksonException e) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            pointer.append('/').append(step.getPropertyName() == null ? step.getIndex() : step.getPropertyName());
        }
        return pointer.toString();
    }

    /// Says that an accessor of the module's record threw, or why there is no JSON for a value.
    private static String unreadable(JacksonException e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause instanceof JacksonException
                ? reason(e)
                : "cannot be read: its accessor threw " + cause.getClass().getName()
                        + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
    }

    /// Gives the sentence of whoever refused the value: the record's own constructor, if it was that.
    static String reason(JacksonException e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause instanceof JacksonException jackson ? jackson.getOriginalMessage() : cause.getMessage();
        if (message == null) {
            return "is refused (" + cause.getClass().getSimpleName() + ")";
        }
        int line = message.indexOf('\n');
        return line < 0 ? message : message.substring(0, line);
    }
}
