package dev.patchbay.core.deploy;

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

/// The engines that an operator added to the installation: each is a folder of jars in the directory that the system
/// property `patchbay.runtimes` names. Every folder has a class loader of its own, so that no engine's libraries meet
/// those of another one or of the gateway. They are loaded once and live as long as the process: a native library
/// cannot be loaded by two class loaders. One that cannot be loaded is left out, and the log says why.
final class AddedEngines {

    static final String PROPERTY = "patchbay.runtimes";

    private static final Logger log = LoggerFactory.getLogger(AddedEngines.class);

    private AddedEngines() {}

    /// What is there when it is asked for the first time.
    private static final class Loaded {
        private static final List<ModelRuntime> ENGINES =
                System.getProperty(PROPERTY) == null ? List.of() : in(Path.of(System.getProperty(PROPERTY)));
    }

    static List<ModelRuntime> here() {
        return Loaded.ENGINES;
    }

    static List<ModelRuntime> in(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<ModelRuntime> engines = new ArrayList<>();
        for (Path folder : sorted(directory)) {
            if (Files.isDirectory(folder) && !folder.getFileName().toString().startsWith(".")) {
                engines.addAll(load(folder));
            }
        }
        return List.copyOf(engines);
    }

    private static List<ModelRuntime> load(Path folder) {
        List<URL> jars = new ArrayList<>();
        for (Path file : sorted(folder)) {
            if (file.toString().endsWith(".jar")) {
                jars.add(url(file));
            }
        }
        ClassLoader loader =
                new ModuleClassLoader("runtime " + folder.getFileName(), jars, AddedEngines.class.getClassLoader());
        try {
            List<ModelRuntime> engines = ServiceLoader.load(ModelRuntime.class, loader).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
            if (engines.isEmpty()) {
                log.error("{} holds no engine: none of its {} jars has one. {}", folder, jars.size(), mend(folder));
            }
            return engines;
        } catch (ServiceConfigurationError | LinkageError e) {
            log.error("the engine in {} cannot be loaded: {}. {}", folder, e.getMessage(), mend(folder));
            return List.of();
        }
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
