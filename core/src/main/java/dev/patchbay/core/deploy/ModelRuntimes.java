package dev.patchbay.core.deploy;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.runtime.FlagSource;
import dev.patchbay.api.runtime.MetricsSink;
import dev.patchbay.api.runtime.ModelRuntime;
import dev.patchbay.api.runtime.ModuleKind;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.schema.JsonValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What is installed beside the gateway: the engines that run model files and the kinds, which make modules of
/// folders without code, the source of flags, and where metrics can be sent to. Each is there once and outlives every
/// module.
///
/// @param engines the engines
/// @param kinds the kinds
/// @param flags the source of flags; empty in most installations
/// @param sinks where metrics can be sent to
public record ModelRuntimes(
        List<ModelRuntime> engines, List<ModuleKind> kinds, Optional<FlagSource> flags, List<MetricsSink> sinks)
        implements AutoCloseable {

    /// What is there without a source of flags.
    public ModelRuntimes(List<ModelRuntime> engines, List<ModuleKind> kinds) {
        this(engines, kinds, Optional.empty(), List.of());
    }

    /// Finds engines and kinds on the host's class path, and the engines that were added to the installation.
    public static ModelRuntimes installed() {
        List<ModelRuntime> engines = new ArrayList<>(all(ModelRuntime.class));
        for (ModelRuntime added : AddedEngines.here().engines()) {
            if (engines.stream().noneMatch(engine -> engine.format().equals(added.format()))) {
                engines.add(added);
            }
        }
        List<FlagSource> flags = new ArrayList<>(all(FlagSource.class));
        flags.addAll(AddedEngines.here().flags());
        List<MetricsSink> sinks = new ArrayList<>(all(MetricsSink.class));
        sinks.addAll(AddedEngines.here().sinks());
        return new ModelRuntimes(
                List.copyOf(engines), all(ModuleKind.class), flags.stream().findFirst(), List.copyOf(sinks));
    }

    private static <T> List<T> all(Class<T> type) {
        return ServiceLoader.load(type).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /// Lists the formats of model files that can be run, in the order of their names.
    public Set<String> formats() {
        return engines.stream().map(ModelRuntime::format).collect(Collectors.toCollection(TreeSet::new));
    }

    /// Lists the kinds by the names of their sections in `module.yaml` and `patchbay.yaml`.
    public Set<String> kindNames() {
        return kinds.stream().map(ModuleKind::name).collect(Collectors.toUnmodifiableSet());
    }

    /// Tells the kinds where they may keep what is to outlive the process: each in a folder of its own name.
    public void keepIn(Path data) {
        kinds.forEach(kind -> kind.keepIn(data.resolve(kind.name())));
    }

    Optional<ModuleKind> kind(String name) {
        return kinds.stream().filter(kind -> kind.name().equals(name)).findFirst();
    }

    /// Lets the kinds check their sections of a config; changes nothing.
    ///
    /// @throws IllegalArgumentException if a kind refuses its section, naming the key
    public void check(GatewayConfig config) {
        prepare(config);
    }

    /// Checks what a config says about kinds.
    ///
    /// @return puts it in force
    /// @throws IllegalArgumentException if a kind refuses its section, naming the key
    Runnable prepare(GatewayConfig config) {
        if (flags.isEmpty()) {
            config.inference().forEach((task, section) -> {
                if (section.flag() != null) {
                    throw new IllegalArgumentException(
                            "inference.%s.flag: no source of flags is installed. Add the one that is there with 'patchbay runtime add openfeature', and start the gateway again"
                                    .formatted(task));
                }
            });
        }
        List<Runnable> changes = new ArrayList<>();
        for (ModuleKind kind : kinds) {
            JsonNode section = config.kinds().get(kind.name());
            try {
                changes.add(kind.configure(section == null ? Map.of() : JsonValues.map(section)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(kind.name() + "." + e.getMessage(), e);
            }
        }
        return () -> changes.forEach(Runnable::run);
    }

    ModelRuntime.OpenModel open(String name, Path file, ModelOptions options) {
        for (ModelRuntime engine : engines) {
            if (engine.accepts(file)) {
                return open(engine, file, options);
            }
        }
        throw new IllegalArgumentException(MissingEngine.forModel(name, formats()));
    }

    /// Tells whether models of a format are opened and run without threads of the engine's own.
    boolean runOnCaller(String format, ModelOptions options) {
        return engines.stream()
                .filter(engine -> engine.format().equals(format))
                .allMatch(engine -> engine.runsOnCaller(options));
    }

    /// Names the format of a model, if there is an engine for it.
    Optional<String> formatOf(Path model) {
        return engines.stream()
                .filter(engine -> engine.accepts(model))
                .map(ModelRuntime::format)
                .findFirst();
    }

    /// An engine starts threads and hooks that stay, and those keep the context class loader they were made under:
    /// it must not be that of the first module with a model.
    private static ModelRuntime.OpenModel open(ModelRuntime engine, Path file, ModelOptions options) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(engine.getClass().getClassLoader());
        try {
            return engine.open(file, options);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() {
        kinds.forEach(ModuleKind::close);
        engines.forEach(ModelRuntime::close);
    }
}
