package dev.patchbay.runtime.torchscript;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.runtime.ModelRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The PyTorch engine of the process. It is loaded with the first model: its native libraries are unpacked once, into
/// the directory that the system property `patchbay.natives` names, otherwise into that of DJL. Nothing is downloaded
/// and nothing is reported to anybody.
public final class TorchScriptRuntime implements ModelRuntime {

    private static final Set<String> ENDINGS = Set.of(".pt", ".pth", ".ts", ".torchscript");
    private static final Set<String> OPTIONS = Set.of("inputs", "outputs", "device");

    private @Nullable Engine engine;
    private int threads;

    @Override
    public String format() {
        return "torchscript";
    }

    @Override
    public boolean accepts(Path model) {
        return ENDINGS.stream().anyMatch(model.toString()::endsWith);
    }

    @Override
    public OpenModel open(Path file, ModelOptions options) {
        for (String option : options.engine().keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException(
                        "option '%s' is not known to the TorchScript engine; there are inputs, outputs, device (cpu, cuda)"
                                .formatted(option));
            }
        }
        List<TensorSpec> inputs = DeclaredTensors.inputs(
                options.engine().getOrDefault("inputs", ""),
                TorchScriptFile.read(file).inputs());
        List<String> outputs = DeclaredTensors.outputs(options.engine().getOrDefault("outputs", ""));
        Engine running = engine(options.threads());
        Device device = device(running, options.engine().getOrDefault("device", "cpu"));
        PtNDManager manager = (PtNDManager) running.newBaseManager(device);
        try {
            PtSymbolBlock block = JniUtils.loadModule(manager, file, true, new String[0], new String[0], false);
            JniUtils.enableInferenceMode(block);
            return TorchScriptModel.tried(manager, block, inputs, outputs);
        } catch (EngineException e) {
            manager.close();
            throw new IllegalArgumentException(
                    "PyTorch refuses %s: %s".formatted(file.getFileName(), TorchScriptModel.cause(e)), e);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static Device device(Engine engine, String name) {
        return switch (name) {
            case "cpu" -> Device.cpu();
            case "cuda" -> {
                if (engine.getGpuCount() == 0) {
                    throw new IllegalArgumentException(
                            "device 'cuda' is not available here: it needs a CUDA device, and pytorch-native-cu128 in place of pytorch-native-cpu in the engine's folder; or use device 'cpu'");
                }
                yield Device.gpu();
            }
            default ->
                throw new IllegalArgumentException(
                        "option device=%s is not known to the TorchScript engine; there are cpu and cuda"
                                .formatted(name));
        };
    }

    /// PyTorch has one number of threads for the process.
    private synchronized Engine engine(int wanted) {
        Engine running = engine;
        if (running == null) {
            String natives = System.getProperty("patchbay.natives");
            if (natives != null) {
                System.setProperty("ENGINE_CACHE_DIR", natives);
            }
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(wanted));
            System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
            running = Engine.getEngine("PyTorch");
            engine = running;
            threads = wanted;
        }
        if (threads != wanted) {
            throw new IllegalArgumentException(
                    "threads is %d, but PyTorch has one number for the process, and the first model set it to %d; give all TorchScript models the same"
                            .formatted(wanted, threads));
        }
        return running;
    }

    /// Leaves the libraries to the end of the process: they cannot be loaded again.
    @Override
    public void close() {}
}
