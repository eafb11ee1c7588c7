package dev.patchbay.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Maven as an author has it, with what this build made in its local repository.
///
/// @param repository a local repository: all else in it is the one that this build uses
record AuthorsMaven(Path repository) {

    private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();
    private static final String VERSION = System.getProperty("patchbay.version", "");
    private static final Pattern ROOM = Pattern.compile("<module>(.*?)</module>");

    /// @param repository is made anew
    static AuthorsMaven with(Path repository) throws IOException {
        delete(repository);
        Path cached = Path.of(System.getProperty("maven.repository", ""));
        link(cached, repository, "dev");
        link(cached.resolve("dev"), repository.resolve("dev"), "patchbay");
        install(repository, "patchbay-parent", SOURCES.resolve("pom.xml"), "pom");
        String parent = Files.readString(SOURCES.resolve("pom.xml"));
        for (String room :
                ROOM.matcher(parent).results().map(found -> found.group(1)).toList()) {
            for (Path jar : jars(SOURCES.resolve(room))) {
                String artifact = jar.getFileName().toString().replace("-" + VERSION + ".jar", "");
                install(repository, artifact, SOURCES.resolve(room).resolve("pom.xml"), "pom");
                install(repository, artifact, jar, "jar");
            }
        }
        return new AuthorsMaven(repository);
    }

    /// Does not follow the links to what others made.
    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> groups = Files.list(from)) {
            for (Path group : groups.filter(group -> !group.endsWith(except)).toList()) {
                Files.createSymbolicLink(to.resolve(group.getFileName()), group);
            }
        }
    }

    private static List<Path> jars(Path room) throws IOException {
        Path target = room.resolve("target");
        if (!Files.isDirectory(target)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-" + VERSION + ".jar"))
                    .toList();
        }
    }

    private static void install(Path repository, String artifact, Path file, String type) throws IOException {
        Path folder = repository.resolve("dev/patchbay").resolve(artifact).resolve(VERSION);
        Files.createDirectories(folder);
        Files.copy(file, folder.resolve("%s-%s.%s".formatted(artifact, VERSION, type)));
    }

    /// What a build said, and how it ended.
    record Outcome(int exitCode, String said) {}

    /// Runs a build to its end.
    Outcome run(Path project, String... goals) throws IOException, InterruptedException {
        Path log = Files.createTempFile(project, "build", ".log");
        Process build = start(project, log, goals);
        if (!build.waitFor(5, TimeUnit.MINUTES)) {
            build.destroy();
            throw new IllegalStateException("the build does not end: " + Files.readString(log));
        }
        return new Outcome(build.exitValue(), Files.readString(log));
    }

    /// Starts a build.
    ///
    /// @param log what it says
    Process start(Path project, Path log, String... goals) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("maven.home", ""), "bin", "mvn").toString());
        command.addAll(List.of("-B", "-ntp", "-Dstyle.color=never", "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(goals));
        return new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
