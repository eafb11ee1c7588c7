package dev.patchbay.runtime.remote;

import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON of servers.
final class JsonText {

    /// TensorFlow Serving writes `NaN` and `Infinity` as they are.
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private JsonText() {}

    /// Reads an answer.
    ///
    /// @throws dev.patchbay.api.InferenceException if it is no JSON
    static JsonNode read(Target target, byte[] bytes, int length) {
        try {
            return MAPPER.readTree(bytes, 0, length);
        } catch (JacksonException e) {
            throw RemoteFailure.of(
                    target,
                    "answers with something that is no JSON",
                    new RemoteFailure.Said(
                            new String(bytes, 0, Math.min(length, 1000), java.nio.charset.StandardCharsets.UTF_8)));
        }
    }

    /// Finds the words of an error that is meant for callers; empty if there are none.
    static String error(String body) {
        try {
            return MAPPER.readTree(body).path("error").asString("");
        } catch (JacksonException e) {
            return "";
        }
    }

    /// Reads a flag at the top of a JSON object.
    static boolean flag(String body, String field, boolean otherwise) {
        try {
            return MAPPER.readTree(body).path(field).asBoolean(otherwise);
        } catch (JacksonException e) {
            return otherwise;
        }
    }
}
