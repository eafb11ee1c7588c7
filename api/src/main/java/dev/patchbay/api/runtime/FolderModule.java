package dev.patchbay.api.runtime;

import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Lane;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A module made of a folder: what it takes and gives, and how it is made.
///
/// @param request the JSON Schema of requests; null if only the module knows, once it is loaded, as a [TensorModule]
///     or [SchemaModule] does
/// @param response the JSON Schema of answers; null as for `request`
/// @param part the JSON Schema of parts; null if it does not stream
/// @param lane the threads it runs on unless `module.yaml` says otherwise; one that streams runs on [Lane#IO]
/// @param concurrency the calls it takes at a time unless the config says otherwise; 0 for as many as its lane has
/// @param rehearses whether its examples may be answered again and again to measure it before it is ready
/// @param make makes the module, once for each instance; a [dev.patchbay.api.StreamingModule] if it streams
public record FolderModule(
        @Nullable Map<String, Object> request,
        @Nullable Map<String, Object> response,
        @Nullable Map<String, Object> part,
        Lane lane,
        int concurrency,
        boolean rehearses,
        Supplier<InferenceModule<Object, Object>> make) {}
