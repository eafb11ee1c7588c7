package dev.patchbay.testkit.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What is given to the kit: an artifact, or the folder of a Maven project that makes one.
///
/// @param folder what was given
/// @param artifact what a gateway can deploy
public record ModuleProject(Path folder, Path artifact) {

    private static final String DESCRIPTOR = "META-INF/patchbay/module.json";

    /// Finds the artifact. A project whose classes are missing or older than its sources is compiled first.
    ///
    /// @throws ProjectBroken if it cannot be compiled
    public static ModuleProject at(Path given) {
        Path folder = given.toAbsolutePath().normalize();
        if (!Files.isDirectory(folder.resolve("src/main"))) {
            return new ModuleProject(folder, folder);
        }
        Path classes = folder.resolve("target/classes");
        try {
            ModuleLibraries libraries = ModuleLibraries.of(folder);
            if (!isFresh(folder, classes)) {
                build(folder, classes, libraries);
            }
            return new ModuleProject(folder, libraries.isEmpty() ? classes : assemble(folder, classes, libraries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Puts classes and libraries together, beside the classes, so that these stay what the build tool made.
    private static Path assemble(Path folder, Path classes, ModuleLibraries libraries) throws IOException {
        Path artifact = folder.resolve("target/patchbay/module");
        delete(artifact);
        copy(classes, artifact);
        Path lib = artifact.resolve("lib");
        delete(lib);
        libraries.copyTo(lib);
        return artifact;
    }

    /// Lists the folders that hold golden cases.
    public List<Path> goldenFolders() {
        List<Path> folders = new ArrayList<>();
        for (String place : List.of("golden", "src/main/resources/golden", "src/test/resources/golden")) {
            if (Files.isDirectory(folder.resolve(place))) {
                folders.add(folder.resolve(place));
            }
        }
        return folders;
    }

    /// Gives the folder that new golden cases are written to.
    public Path newGoldenFolder() {
        List<Path> there = goldenFolders();
        if (!there.isEmpty()) {
            return there.getFirst();
        }
        Path base = Files.isDirectory(folder) ? folder : folder.resolveSibling("");
        return Files.isDirectory(folder.resolve("src/main"))
                ? folder.resolve("src/main/resources/golden")
                : base.resolve("golden");
    }

    /// Gives the folder that belongs to the module and that its author keeps under version control.
    public Path home() {
        return Files.isDirectory(folder) ? folder : folder.resolveSibling("");
    }

    private static boolean isFresh(Path folder, Path classes) {
        if (Files.exists(folder.resolve("src/main/java")) && !Files.exists(classes.resolve(DESCRIPTOR))
                || !Files.isDirectory(classes)) {
            return false;
        }
        // file systems tell times in steps: what is as old may have been saved after it was compiled
        return newest(classes) > newest(folder.resolve("src/main"));
    }

    private static long newest(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            long newest = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
            }
            return newest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void build(Path folder, Path classes, ModuleLibraries libraries) throws IOException {
        delete(classes);
        Files.createDirectories(classes);
        Path resources = folder.resolve("src/main/resources");
        if (Files.isDirectory(resources)) {
            copy(resources, classes);
        }
        Path sources = folder.resolve("src/main/java");
        if (Files.isDirectory(sources)) {
            try {
                ModuleCompiler.compile(sources, classes, libraries.places());
            } catch (ProjectBroken e) {
                String hint = e.getMessage().contains("does not exist")
                        ? "\nA project with libraries of its own is built by Maven first: mvn test-compile"
                        : "";
                throw new ProjectBroken(folder.getFileName() + " does not compile:\n" + e.getMessage() + hint);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
