package dev.patchbay.core.tensor;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Model;
import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.Tensors;
import dev.patchbay.core.schema.Codec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A module that is a model file and nothing else.
public final class ModelModule implements InferenceModule<Tensors, Tensors> {

    private final String file;
    private final ModelOptions options;
    private final TensorMapping mapping;
    private final @Nullable JsonNode requestSchema;
    private final @Nullable JsonNode responseSchema;
    private @Nullable Model model;
    private @Nullable TensorCodec codec;

    /// Makes a module for a model file.
    ///
    /// @param requestSchema the artifact's schema; null to derive it from the model's inputs
    /// @param responseSchema the artifact's schema; null to derive it from the model's outputs
    public ModelModule(
            String file,
            ModelOptions options,
            TensorMapping mapping,
            @Nullable JsonNode requestSchema,
            @Nullable JsonNode responseSchema) {
        this.file = file;
        this.options = options;
        this.mapping = mapping;
        this.requestSchema = requestSchema;
        this.responseSchema = responseSchema;
    }

    @Override
    public void load(ModuleContext context) {
        Model opened = context.model(file, options);
        model = opened;
        codec = new TensorCodec(opened, mapping, requestSchema, responseSchema);
    }

    @Override
    public Tensors predict(Tensors request, Call call) {
        return loaded(model).run(request);
    }

    /// Gives the codec that belongs to the model; after `load`.
    public Codec codec() {
        return loaded(codec);
    }

    /// Makes a request that only serves to warm the model up.
    public Tensors blank() {
        return loaded(codec).blank();
    }

    private static <T> T loaded(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the model is not loaded");
        }
        return part;
    }
}
