package dev.patchbay.core.deploy;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.runtime.ModelRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/// The model engines of the process. Each is there once and outlives every module.
///
/// @param engines the engines
public record ModelRuntimes(List<ModelRuntime> engines) implements AutoCloseable {

    /// Finds the engines on the host's class path.
    public static ModelRuntimes installed() {
        return new ModelRuntimes(ServiceLoader.load(ModelRuntime.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /// Lists the formats that can be run.
    public Set<String> formats() {
        return engines.stream().map(ModelRuntime::format).collect(Collectors.toUnmodifiableSet());
    }

    ModelRuntime.OpenModel open(String name, Path file, ModelOptions options) {
        for (ModelRuntime engine : engines) {
            if (engine.accepts(name)) {
                return engine.open(file, options);
            }
        }
        throw new IllegalArgumentException(
                "no engine here runs '%s'; there are engines for %s. Add the patchbay-runtime-… jar of its format to the gateway"
                        .formatted(name, formats()));
    }

    @Override
    public void close() {
        engines.forEach(ModelRuntime::close);
    }
}
