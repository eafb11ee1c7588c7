package dev.patchbay.testkit.project;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// The libraries that a project's module brings along, as its build tool lists them in `target/patchbay/libraries`:
/// jars, or folders of classes of projects that are built together with it.
final class ModuleLibraries {

    private static final String LIST = "target/patchbay/libraries";

    private final List<Path> places;

    private ModuleLibraries(List<Path> places) {
        this.places = places;
    }

    /// Reads the list of a project; without one the project has no libraries.
    static ModuleLibraries of(Path project) throws IOException {
        Path list = project.resolve(LIST);
        if (!Files.isRegularFile(list)) {
            return new ModuleLibraries(List.of());
        }
        return new ModuleLibraries(Stream.of(Files.readString(list).strip().split(File.pathSeparator))
                .filter(place -> !place.isBlank())
                .map(Path::of)
                .toList());
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    List<Path> places() {
        return places;
    }

    /// Puts them into a folder, as jars.
    void copyTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < places.size(); i++) {
            Path place = places.get(i);
            if (Files.isDirectory(place)) {
                jar(place, folder.resolve("project-" + i + ".jar"));
            } else if (Files.isRegularFile(place)) {
                Files.copy(place, folder.resolve(place.getFileName().toString()));
            } else {
                throw new ProjectBroken(
                        "the library %s of %s is not there; build the project again".formatted(place, LIST));
            }
        }
    }

    private static void jar(Path classes, Path target) throws IOException {
        try (OutputStream out = Files.newOutputStream(target);
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                jar.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }
}
