package dev.patchbay.core.schema;

import dev.patchbay.api.InferenceException;
import tools.jackson.databind.JsonNode;

/// The boundary of one module instance: JSON in, the module's request out, and back. Only JDK and API types and
/// JSON cross it; nothing of the module's classes is kept by the host outside the codec, which dies with its
/// instance. Called on the module's lane, with its class loader set, by many threads at a time.
public interface Codec {

    /// Checks a request by the module's schema and binds it.
    ///
    /// @throws InferenceException `invalid-request` with every field that is wrong
    Object decode(JsonNode request);

    /// Writes an answer after checking it by the schema.
    ///
    /// @throws InferenceException `invalid-response` with every field that is wrong
    byte[] encode(Object response);

    /// Writes one part of a streamed answer after checking it by its schema.
    ///
    /// @throws InferenceException `invalid-response` with every field that is wrong
    byte[] encodePart(Object part);

    /// Gives one part of a streamed answer as a tree after checking it by its schema.
    ///
    /// @throws InferenceException `invalid-response` with every field that is wrong
    JsonNode part(Object part);

    /// Turns a record into the request of another task, unchecked: the other task checks it.
    JsonNode write(Object value);

    /// Reads another task's answer into a record, ignoring fields it does not have.
    <T> T read(byte[] json, Class<T> type);

    /// JSON Schema 2020-12 of what [#decode] takes.
    JsonNode requestSchema();

    /// JSON Schema 2020-12 of what [#encode] gives.
    JsonNode responseSchema();
}
