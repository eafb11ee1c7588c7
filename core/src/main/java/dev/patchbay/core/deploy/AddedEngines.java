package dev.patchbay.core.deploy;

import dev.patchbay.api.runtime.FlagSource;
import dev.patchbay.api.runtime.MetricsSink;
import dev.patchbay.api.runtime.ModelRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engines, and the source of flags, that an operator added to the installation: each is a folder of jars in the
/// directory that the system property `patchbay.runtimes` names. Every folder has a class loader of its own, so that
/// no engine's libraries meet those of another one or of the gateway. They are loaded once and live as long as the
/// process: a native library cannot be loaded by two class loaders. One that cannot be loaded is left out, and the
/// log says why.
final class AddedEngines {

    static final String PROPERTY = "patchbay.runtimes";

    private static final Logger log = LoggerFactory.getLogger(AddedEngines.class);

    private AddedEngines() {}

    /// What was found.
    record Found(List<ModelRuntime> engines, List<FlagSource> flags, List<MetricsSink> sinks) {}

    /// What is there when it is asked for the first time.
    private static final class Loaded {
        private static final Found FOUND = System.getProperty(PROPERTY) == null
                ? new Found(List.of(), List.of(), List.of())
                : in(Path.of(System.getProperty(PROPERTY)));
    }

    static Found here() {
        return Loaded.FOUND;
    }

    static Found in(Path directory) {
        List<ModelRuntime> engines = new ArrayList<>();
        List<FlagSource> flags = new ArrayList<>();
        List<MetricsSink> sinks = new ArrayList<>();
        Found found = new Found(engines, flags, sinks);
        if (!Files.isDirectory(directory)) {
            return found;
        }
        for (Path folder : sorted(directory)) {
            if (Files.isDirectory(folder) && !folder.getFileName().toString().startsWith(".")) {
                load(folder, found);
            }
        }
        return found;
    }

    private static void load(Path folder, Found found) {
        List<URL> jars = new ArrayList<>();
        for (Path file : sorted(folder)) {
            if (file.toString().endsWith(".jar")) {
                jars.add(url(file));
            }
        }
        ClassLoader loader =
                new ModuleClassLoader("runtime " + folder.getFileName(), jars, AddedEngines.class.getClassLoader());
        try {
            List<ModelRuntime> engine = all(ModelRuntime.class, loader);
            List<FlagSource> flag = all(FlagSource.class, loader);
            List<MetricsSink> sink = all(MetricsSink.class, loader);
            if (engine.isEmpty() && flag.isEmpty() && sink.isEmpty()) {
                log.error("{} holds no engine: none of its {} jars has one. {}", folder, jars.size(), mend(folder));
            }
            found.engines().addAll(engine);
            found.flags().addAll(flag);
            found.sinks().addAll(sink);
        } catch (ServiceConfigurationError | LinkageError e) {
            log.error("the engine in {} cannot be loaded: {}. {}", folder, e.getMessage(), mend(folder));
        }
    }

    private static <T> List<T> all(Class<T> type, ClassLoader loader) {
        return ServiceLoader.load(type, loader).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static String mend(Path folder) {
        return "The gateway goes on without it; add it again with 'patchbay runtime add %s', or remove the folder"
                .formatted(folder.getFileName());
    }

    private static List<Path> sorted(Path directory) {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
