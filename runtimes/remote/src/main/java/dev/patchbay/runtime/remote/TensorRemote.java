package dev.patchbay.runtime.remote;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.TensorMapping;
import dev.patchbay.api.runtime.TensorModule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A module whose model takes and gives tensors at a server.
final class TensorRemote implements TensorModule {

    private final RemoteSettings settings;
    private final Folder folder;
    private final RemoteKind kind;
    private final TensorMapping mapping;
    private @Nullable TensorServer server;
    private @Nullable Signature signature;

    TensorRemote(RemoteSettings settings, Folder folder, RemoteKind kind, TensorMapping mapping) {
        this.settings = settings;
        this.folder = folder;
        this.kind = kind;
        this.mapping = mapping;
    }

    @Override
    public void load(ModuleContext context) throws InterruptedException {
        Target target = kind.use(settings, context);
        TensorServer opened = settings.open(target, context);
        Readiness.await(target, settings, opened::isReady);
        Signature told = settings.signature();
        signature = told == null ? opened.signature(Patience.of(settings.readyWithin(), null)) : told;
        server = opened;
        Watch.begin(context, target, settings, opened::isReady);
    }

    /// Answers every example once: the server is warm or not by itself, but its address, its secret and its tensors are
    /// seen to be right.
    @Override
    public void warmup(List<Object> examples, Call call) throws Exception {
        for (Object example : examples) {
            predict(example, call);
        }
    }

    @Override
    public List<TensorSpec> inputs() {
        return Objects.requireNonNull(signature).inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
        return Objects.requireNonNull(signature).outputs();
    }

    @Override
    public TensorMapping mapping() {
        return mapping;
    }

    @Override
    public Tensors run(Tensors inputs, Call call) throws InterruptedException, InferenceException {
        long from = System.nanoTime();
        try {
            return Objects.requireNonNull(server)
                    .infer(
                            inputs,
                            Objects.requireNonNull(signature),
                            call,
                            Patience.of(call.remaining(), settings.timeout()));
        } finally {
            folder.modelRan(from, System.nanoTime());
        }
    }
}
