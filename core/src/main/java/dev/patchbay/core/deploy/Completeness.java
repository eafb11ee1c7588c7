package dev.patchbay.core.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Tells whether an artifact in the watched folder is all there.
///
/// An artifact with a digest manifest (`module.sha256` in a folder, `name.jar.sha256` beside a jar; lines of
/// `sha256sum`) is whole exactly when every digest is right. One without is taken as whole when it has not
/// changed for a moment.
final class Completeness {

    static final String MANIFEST = "module.sha256";

    private Completeness() {}

    static Path manifest(Path artifact) {
        return Files.isDirectory(artifact)
                ? artifact.resolve(MANIFEST)
                : artifact.resolveSibling(artifact.getFileName() + ".sha256");
    }

    /// Gives what is still missing by the manifest; empty if all is there.
    static Optional<String> missing(Path artifact, Path manifest) throws IOException {
        Path root = Files.isDirectory(artifact) ? artifact : artifact.resolveSibling("");
        for (String line : Files.readAllLines(manifest)) {
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.strip().split("\\s+\\*?", 2);
            if (parts.length < 2 || parts[0].length() != 64) {
                return Optional.of("the manifest " + manifest.getFileName() + " has a line that is no digest and path");
            }
            Path file = root.resolve(parts[1]).normalize();
            if (!file.startsWith(root) || !Files.isRegularFile(file)) {
                return Optional.of("waiting for " + parts[1]);
            }
            if (!digest(file).equals(parts[0])) {
                return Optional.of("waiting for all of " + parts[1]);
            }
        }
        return Optional.empty();
    }

    private static String digest(Path file) throws IOException {
        var digest = ArtifactStore.sha256();
        try (var in = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Writes down names, sizes and times of all files, to see whether anything changes.
    static String fingerprint(Path artifact) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(artifact)) {
            for (Path file : files.sorted().toList()) {
                if (Files.isRegularFile(file)) {
                    lines.add(file + " " + Files.size(file) + " "
                            + Files.getLastModifiedTime(file).toMillis());
                }
            }
        }
        return String.join("\n", lines);
    }
}
