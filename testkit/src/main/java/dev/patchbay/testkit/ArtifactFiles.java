package dev.patchbay.testkit;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.config.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads files of an artifact that is not deployed.
public final class ArtifactFiles {

    private static final String DESCRIPTOR = "META-INF/patchbay/module.json";

    private ArtifactFiles() {}

    /// A file with its content.
    ///
    /// @param name without folders
    public record NamedFile(String name, byte[] content) {

        /// Reads the content as UTF-8.
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        /// Gives the name without its extension.
        public String stem() {
            int dot = name.lastIndexOf('.');
            return dot < 0 ? name : name.substring(0, dot);
        }
    }

    /// Lists the files directly inside folders of an artifact, by name.
    ///
    /// @param extension such as `.json`
    public static List<NamedFile> list(Path artifact, String extension, String... folders) {
        return read(artifact, root -> {
            List<NamedFile> found = new ArrayList<>();
            for (String folder : folders) {
                Path at = root.resolve(folder);
                if (Files.isDirectory(at)) {
                    try (Stream<Path> files = Files.list(at)) {
                        for (Path file : files.filter(Files::isRegularFile)
                                .filter(file -> file.toString().endsWith(extension))
                                .sorted()
                                .toList()) {
                            found.add(new NamedFile(file.getFileName().toString(), Files.readAllBytes(file)));
                        }
                    }
                }
            }
            return found;
        });
    }

    /// Reads one file of an artifact.
    public static Optional<String> text(Path artifact, String file) {
        return read(artifact, root -> {
            Path at = root.resolve(file);
            return Files.isRegularFile(at) ? Optional.of(Files.readString(at)) : Optional.empty();
        });
    }

    /// Reads the name of the task; empty if the artifact is no module.
    public static String task(Path artifact) {
        try {
            Optional<String> json = text(artifact, DESCRIPTOR);
            if (json.isPresent()) {
                return JsonMapper.shared().readTree(json.get()).path("task").asString("");
            }
            Optional<String> yaml = text(artifact, "module.yaml");
            return yaml.isPresent() ? YamlFile.read(yaml.get()).path("task").asString("") : "";
        } catch (UncheckedIOException | JacksonException | ConfigInvalid e) {
            // the gateway will say what is wrong with it
            return "";
        }
    }

    /// Reads something of an artifact.
    public interface Reading<T> {

        /// Reads.
        ///
        /// @param root the top folder of the artifact, only valid during the call
        T from(Path root) throws IOException;
    }

    /// Opens an artifact, be it a folder or a jar, and reads something of it.
    public static <T> T read(Path artifact, Reading<T> reading) {
        try {
            if (Files.isDirectory(artifact)) {
                return reading.from(artifact);
            }
            try (FileSystem zip = FileSystems.newFileSystem(artifact)) {
                return reading.from(zip.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteAll(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
