package dev.patchbay.testkit.golden;

import dev.patchbay.core.golden.GoldenDocument;
import dev.patchbay.core.golden.GoldenInvalid;
import dev.patchbay.testkit.ArtifactFiles;
import dev.patchbay.testkit.project.ModuleProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A file with golden cases.
///
/// @param path where it can be written to; null inside a jar
/// @param name without folders
public record GoldenFile(@Nullable Path path, String name, String text, GoldenDocument document) {

    private static final String FOLDER = "golden";

    /// Reads the golden files of a module: those beside a project's sources, where they can be changed, or those
    /// inside an artifact.
    ///
    /// @param others more folders with golden files
    /// @throws GoldenInvalid if one of them cannot be understood
    public static List<GoldenFile> of(ModuleProject project, List<Path> others) {
        List<Path> folders = new ArrayList<>(project.goldenFolders());
        others.stream().filter(folder -> !folders.contains(folder)).forEach(folders::add);
        Map<String, GoldenFile> files = new LinkedHashMap<>();
        folders.forEach(folder -> read(folder, true, files));
        if (folders.isEmpty()) {
            ArtifactFiles.read(project.artifact(), root -> {
                read(root.resolve(FOLDER), false, files);
                return files;
            });
        }
        return List.copyOf(files.values());
    }

    private static void read(Path folder, boolean writable, Map<String, GoldenFile> into) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(GoldenFile::holdsCases).sorted().toList()) {
                String name = file.getFileName().toString();
                String text = Files.readString(file);
                GoldenFile before = into.put(
                        name,
                        new GoldenFile(
                                writable ? file : null,
                                name,
                                text,
                                GoldenDocument.read(name, text, path -> sibling(file, path))));
                if (before != null) {
                    throw GoldenInvalid.of(
                            name, "is in " + before.path() + " and in " + file + "; give one another name");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holdsCases(Path file) {
        return Files.isRegularFile(file)
                && GoldenDocument.isOne(file.getFileName().toString());
    }

    /// Reads the rules that stand beside the cases.
    public static Optional<String> rules(ModuleProject project, List<Path> others) {
        List<Path> folders = new ArrayList<>(project.goldenFolders());
        folders.addAll(others);
        try {
            for (Path folder : folders) {
                Path file = folder.resolve(GoldenDocument.RULES);
                if (Files.isRegularFile(file)) {
                    return Optional.of(Files.readString(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folders.isEmpty()
                ? ArtifactFiles.text(project.artifact(), FOLDER + "/" + GoldenDocument.RULES)
                : Optional.empty();
    }

    private static @Nullable String sibling(Path file, String path) {
        Path folder = file.getParent();
        Path found = folder == null ? Path.of(path) : folder.resolve(path);
        try {
            return Files.isRegularFile(found) ? Files.readString(found) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
