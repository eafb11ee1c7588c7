package dev.patchbay.core.deploy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An artifact in the store: a directory of files that never changes, named by its digest.
///
/// @param digest SHA-256 over the names and contents of all files, in hex
/// @param root the directory
public record ModuleArtifact(String digest, Path root) {

    /// Finds a file by its path inside the artifact.
    public Optional<Path> find(String path) {
        Path file = root.resolve(path).normalize();
        return file.startsWith(root) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /// Finds a model by its path inside the artifact: a file, or a folder of one.
    Optional<Path> findModel(String path) {
        Path model = root.resolve(path).normalize();
        return model.startsWith(root) && !model.equals(root) && Files.exists(model)
                ? Optional.of(model)
                : Optional.empty();
    }

    /// Lists the files directly inside a directory of the artifact, in the order of their names.
    public List<Path> list(String directory) {
        Path at = root.resolve(directory);
        if (!Files.isDirectory(at)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(at)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Lists the jars that are loaded with the artifact's own classes.
    List<Path> libraries() {
        return list("lib").stream()
                .filter(library -> library.toString().endsWith(".jar"))
                .toList();
    }

    /// Lists what a class loader loads from: the files themselves, then `lib/*.jar`.
    List<URL> classPath() {
        List<URL> urls = new ArrayList<>();
        try {
            urls.add(root.toUri().toURL());
            for (Path library : libraries()) {
                urls.add(library.toUri().toURL());
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
        return urls;
    }

    /// Shortens the digest for messages.
    String shortDigest() {
        return "sha256:" + digest.substring(0, 12);
    }
}
