package dev.patchbay.core.deploy;

import dev.patchbay.api.Model;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.ModelRuntime.OpenModel;
import dev.patchbay.core.execution.CurrentCall;
import dev.patchbay.core.registry.InFlightGate;
import java.time.Duration;
import java.util.List;

/// A model as a module gets it: its runs are timed for the call they belong to, and it is never closed under one,
/// because closing a native session in use ends the process.
final class HeldModel implements Model, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final OpenModel model;
    private final InFlightGate gate = new InFlightGate();

    HeldModel(String name, OpenModel model) {
        this.name = name;
        this.model = model;
    }

    @Override
    public List<TensorSpec> inputs() {
        return model.inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
        return model.outputs();
    }

    @Override
    public boolean gainsFromBatches() {
        return model.gainsFromBatches();
    }

    @Override
    public Tensors run(Tensors inputs) {
        if (!gate.enter()) {
            throw new IllegalStateException("model '" + name + "' is closed: its version was retired");
        }
        long from = System.nanoTime();
        try {
            return model.run(inputs);
        } finally {
            CurrentCall.modelRan(from, System.nanoTime());
            gate.exit();
        }
    }

    @Override
    public void close() throws InterruptedException {
        gate.close();
        if (!gate.awaitEmpty(PATIENCE)) {
            throw new IllegalStateException(
                    "model '" + name + "' is still running after " + PATIENCE + "; it stays open");
        }
        model.close();
    }
}
