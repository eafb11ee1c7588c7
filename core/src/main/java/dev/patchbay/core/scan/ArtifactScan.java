package dev.patchbay.core.scan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Looks through the classes of an artifact, its own and those of its libraries.
public final class ArtifactScan {

    private static final String DRIVERS = "META-INF/services/java.sql.Driver";

    private final Calls calls = new Calls();

    /// Looks through the classes in a directory and the jars.
    ///
    /// @param root the artifact's directory; jars in it are not looked into
    /// @param libraries the jars that are loaded with it
    /// @return what was seen, the module's own habits first
    /// @throws UncheckedIOException if a file cannot be read
    public List<Finding> findings(Path root, Collection<Path> libraries) {
        try {
            List<Finding> findings = new ArrayList<>(own(root));
            for (Path library : libraries) {
                findings.addAll(library(library));
            }
            return List.copyOf(findings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Finding> own(Path root) throws IOException {
        HabitCount count = new HabitCount(calls, null);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                count.look(Files.readAllBytes(file));
            }
        }
        if (Files.exists(root.resolve(DRIVERS))) {
            count.seen(Habit.DRIVERS, DRIVERS);
        }
        return count.findings();
    }

    private List<Finding> library(Path jar) throws IOException {
        HabitCount count = new HabitCount(calls, jar.getFileName().toString());
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        count.look(in.readAllBytes());
                    }
                } else if (entry.getName().equals(DRIVERS)) {
                    count.seen(Habit.DRIVERS, DRIVERS);
                }
            }
        }
        return count.findings();
    }
}
