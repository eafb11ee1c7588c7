package dev.patchbay.api.runtime;

import dev.patchbay.api.InferenceModule;
import java.util.Map;

/// A module that knows its schemas only once it is loaded. Requests and answers are JSON in plain Java, as for all
/// modules of a [ModuleKind].
public interface SchemaModule extends InferenceModule<Object, Object> {

    /// Gives the JSON Schema of requests; after `load`.
    Map<String, Object> requestSchema();

    /// Gives the JSON Schema of answers; after `load`.
    Map<String, Object> responseSchema();
}
