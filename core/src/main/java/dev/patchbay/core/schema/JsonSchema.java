package dev.patchbay.core.schema;

import dev.patchbay.api.FieldError;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A compiled [JSON Schema 2020-12](https://json-schema.org/draft/2020-12/json-schema-core). Immutable; any
/// number of threads may check with it.
///
/// It knows the keywords that schemas of requests and answers are made of; a schema with another one is refused
/// when it is compiled, never silently taken for less than it says. `format` is checked.
public final class JsonSchema {

    private final JsonNode document;
    private final Check root;
    private final Defaults defaults;

    private JsonSchema(JsonNode document, Check root, Defaults defaults) {
        this.document = document;
        this.root = root;
        this.defaults = defaults;
    }

    /// Compiles a schema.
    ///
    /// @throws IllegalArgumentException if it is none, or has a keyword that is not known here; the message names
    ///     the place
    public static JsonSchema compile(JsonNode document) {
        return new JsonSchema(document, new SchemaCompiler(document).compile(), new Defaults(document));
    }

    /// Checks a document and tells everything that is wrong with it, up to a limit.
    public List<FieldError> check(JsonNode value) {
        Walk walk = new Walk();
        root.check(value, walk);
        return walk.found() == 0 ? List.of() : walk.errors();
    }

    /// Puts the defaults that the schema gives into the places that were left out.
    public JsonNode withDefaults(JsonNode value) {
        return defaults.fill(value);
    }

    /// Gives the schema as it was written.
    public JsonNode document() {
        return document;
    }

    /// One compiled part of a schema.
    interface Check {
        void check(JsonNode value, Walk walk);
    }
}
