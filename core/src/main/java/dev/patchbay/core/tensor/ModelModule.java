package dev.patchbay.core.tensor;

import dev.patchbay.api.Batch;
import dev.patchbay.api.BatchModule;
import dev.patchbay.api.Call;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Model;
import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.MismatchedInputs;
import dev.patchbay.api.runtime.TensorMapping;
import dev.patchbay.core.schema.Codec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A module that is a model file and nothing else. Requests are answered together if the first dimension of all its
/// tensors is open, and if [BatchTrial] saw at warm-up that rows do not touch each other and gain by it.
public final class ModelModule implements BatchModule<Tensors, Tensors> {

    private static final int LARGEST_BATCH = 32;

    private final String file;
    private final ModelOptions options;
    private final TensorMapping mapping;
    private final @Nullable JsonNode requestSchema;
    private final @Nullable JsonNode responseSchema;
    /// What the log calls it.
    private String name;

    private @Nullable Model model;
    private @Nullable TensorCodec codec;
    private boolean batches;
    private boolean sameShapes;

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
        this.name = file;
        this.options = options;
        this.mapping = mapping;
        this.requestSchema = requestSchema;
        this.responseSchema = responseSchema;
    }

    @Override
    public void load(ModuleContext context) {
        name = context.task() + "@" + context.version();
        use(context.model(file, options));
    }

    private void use(Model opened) {
        model = opened;
        codec = new TensorCodec(opened.inputs(), opened.outputs(), mapping, requestSchema, responseSchema);
        batches = opened.gainsFromBatches()
                && Stream.concat(opened.inputs().stream(), opened.outputs().stream())
                        .allMatch(
                                spec -> !spec.shape().isEmpty() && spec.shape().getFirst() < 0);
        sameShapes = opened.inputs().stream()
                .allMatch(spec ->
                        !spec.optional() && spec.shape().stream().skip(1).allMatch(size -> size >= 0));
    }

    /// Makes a module of a model that is open, with fields named as its tensors.
    static ModelModule of(Model model) {
        ModelModule module =
                new ModelModule("", ModelOptions.DEFAULT, new TensorMapping(Map.of(), Map.of(), Map.of()), null, null);
        module.use(model);
        return module;
    }

    @Override
    public void warmup(List<Tensors> examples, Call call) {
        for (Tensors example : examples) {
            predict(example, call);
        }
        Optional<Tensors> row = examples.stream().filter(TensorRows::isOneRow).findFirst();
        batches =
                batches && row.isPresent() && new BatchTrial(name, loaded(model), System::nanoTime).isWonBy(row.get());
    }

    @Override
    public int largestBatch() {
        return batches ? LARGEST_BATCH : 1;
    }

    /// Rows of one model do not touch each other, so that calls of all tenants may share a run.
    @Override
    public Object batchKey(Tensors request, Call call) {
        if (!TensorRows.isOneRow(request)) {
            return request; // several rows are a batch already
        }
        return sameShapes ? "" : TensorRows.shapes(request);
    }

    @Override
    public List<Tensors> predictAll(List<Tensors> requests, Batch batch) {
        return TensorRows.split(loaded(model).run(TensorRows.join(requests)), requests.size());
    }

    @Override
    public Tensors predict(Tensors request, Call call) {
        try {
            return loaded(model).run(request);
        } catch (MismatchedInputs e) {
            throw new InferenceException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
        }
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
