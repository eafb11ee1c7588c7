package dev.patchbay.core.deploy;

import dev.patchbay.core.registry.ModuleKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which bytes each version had when it was ready for the first time. A version never changes, also not after it
/// is gone: what was answered by it once must stay answerable by it. Kept in a file of lines `sha256  task@version`
/// beside the artifacts, so that a restart does not forget.
final class PublishedVersions {

    private static final Logger log = LoggerFactory.getLogger(PublishedVersions.class);

    private final Path file;
    private final Map<ModuleKey, String> digests = new HashMap<>();

    /// Reads what was published before.
    PublishedVersions(Path file) {
        this.file = file;
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    String[] parts = line.strip().split("\\s+|@", 3);
                    if (parts.length == 3) {
                        digests.put(new ModuleKey(parts[1], parts[2]), parts[0]);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /// Refuses other bytes under a version that was published.
    ///
    /// @throws DeploymentFailed if the version had other bytes
    synchronized void check(ModuleKey key, ModuleArtifact artifact) {
        @Nullable String before = digests.get(key);
        if (before != null && !before.equals(artifact.digest())) {
            throw new DeploymentFailed(
                    "read",
                    "%s was published before as sha256:%s, and this one has other bytes (%s). A version never changes: publish it under a new version"
                            .formatted(key, before.substring(0, 12), artifact.shortDigest()));
        }
    }

    /// Remembers a version that became ready.
    synchronized void published(ModuleKey key, ModuleArtifact artifact) {
        if (digests.putIfAbsent(key, artifact.digest()) == null) {
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(
                        file,
                        artifact.digest() + "  " + key + System.lineSeparator(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                log.warn("{} cannot be written, so that a restart forgets {}: {}", file, key, e.toString());
            }
        }
    }
}
