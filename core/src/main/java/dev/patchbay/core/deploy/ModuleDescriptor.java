package dev.patchbay.core.deploy;

import dev.patchbay.api.Lane;
import dev.patchbay.api.Risk;
import dev.patchbay.api.runtime.FolderModule;
import dev.patchbay.core.registry.ModuleKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an artifact says about its module, read without loading a class from it.
///
/// @param labels free `key=value` labels
/// @param schemas JSON Schemas as far as the artifact carries them; those of a bare model file come from the
///     model when it is loaded
public record ModuleDescriptor(
        ModuleKey key,
        String owner,
        String description,
        Risk risk,
        Map<String, String> labels,
        Lane lane,
        boolean deterministic,
        Body body,
        Schemas schemas) {

    /// What runs.
    public sealed interface Body {}

    /// A Java class with the names of the records it takes and gives.
    public record JavaBody(
            Kind kind,
            String moduleClass,
            String requestType,
            String responseType,
            @Nullable String partType,
            @Nullable String configType)
            implements Body {}

    /// A model file with the mapping between JSON and its tensors.
    ///
    /// @param format the engine's name, such as `onnx`
    /// @param file the model's path inside the artifact
    /// @param input tensor name → JSON Pointer into the request; empty means by name
    /// @param output tensor name → JSON Pointer into the answer; empty means by name
    /// @param labels tensor name → the names of its last dimension's positions
    public record ModelBody(
            String format,
            String file,
            Map<String, String> input,
            Map<String, String> output,
            Map<String, java.util.List<String>> labels,
            int threads,
            Map<String, String> options)
            implements Body {}

    /// A folder that a kind makes a module of.
    ///
    /// @param kind the kind's name
    public record FolderBody(String kind, FolderModule module) implements Body {}

    /// How a Java module answers.
    public enum Kind {
        UNARY,
        BATCH,
        STREAM
    }

    /// JSON Schemas 2020-12 of the module's records.
    public record Schemas(
            @Nullable JsonNode request,
            @Nullable JsonNode response,
            @Nullable JsonNode part,
            @Nullable JsonNode config) {}
}
