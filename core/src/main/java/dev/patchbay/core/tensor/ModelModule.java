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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// A module that is a model file and nothing else. Requests are answered together if the first dimension of all its
/// tensors is open, and if it was seen at warm-up that rows do not touch each other and are quicker together.
public final class ModelModule implements BatchModule<Tensors, Tensors> {

    private static final Logger log = LoggerFactory.getLogger(ModelModule.class);
    private static final int LARGEST_BATCH = 32;
    /// By how much numbers may differ between a row alone and in a batch, which an engine adds up in another order.
    private static final double ROUNDING = 1e-3;

    /// Below this, waiting for the rest of a batch is not felt.
    private static final Duration SLOW = Duration.ofMillis(5);
    /// Two rows must cost less than this many times one.
    private static final double WORTHWHILE = 1.5;

    private final String file;
    private final ModelOptions options;
    private final TensorMapping mapping;
    private final @Nullable JsonNode requestSchema;
    private final @Nullable JsonNode responseSchema;
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
        this.options = options;
        this.mapping = mapping;
        this.requestSchema = requestSchema;
        this.responseSchema = responseSchema;
    }

    @Override
    public void load(ModuleContext context) {
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
        batches = batches && row.isPresent() && isBetterTogether(row.get());
    }

    /// Runs a row by itself and with another one: that must make no difference, and must gain time if a row takes long.
    /// Otherwise the first of a batch would wait for the others, and nobody would have anything of it.
    private boolean isBetterTogether(Tensors row) {
        try {
            List<Tensors> both = List.of(row, TensorRows.other(row));
            Tensors joined = TensorRows.join(both);
            Timed alone = timed(row);
            Timed together = timed(joined);
            if (TensorRows.near(
                    alone.answer(),
                    TensorRows.split(together.answer(), both.size()).getFirst(),
                    ROUNDING)) {
                // a quick run may have lost its core for a while
                Timed again = alone.isSlow() ? timed(row) : alone;
                return pays(Math.min(alone.nanos(), again.nanos()), together.nanos());
            }
            log.warn("{}: a row is answered otherwise beside another one; calls are not answered together", file);
        } catch (IllegalArgumentException | IllegalStateException e) {
            log.warn("{}: two rows at once fail; calls are not answered together: {}", file, e.getMessage());
        }
        return false;
    }

    private boolean pays(long oneNanos, long twoNanos) {
        if (oneNanos < SLOW.toNanos() || twoNanos < WORTHWHILE * oneNanos) {
            return true;
        }
        log.info(
                "{}: a row takes {} ms and two rows {} ms; calls are not answered together, because nothing is gained",
                file,
                oneNanos / 1_000_000,
                twoNanos / 1_000_000);
        return false;
    }

    private Timed timed(Tensors given) {
        long from = System.nanoTime();
        Tensors answer = loaded(model).run(given);
        return new Timed(answer, System.nanoTime() - from);
    }

    private record Timed(Tensors answer, long nanos) {

        boolean isSlow() {
            return nanos >= SLOW.toNanos();
        }
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
