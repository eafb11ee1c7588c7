package dev.patchbay.cli;

import dev.patchbay.api.runtime.MetricsSink;
import dev.patchbay.api.runtime.ModelRuntime;
import dev.patchbay.core.deploy.ModelRuntimes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Shows, adds and removes the engines that run model files, the source of flags, and where metrics are sent. An engine
/// that was added is a
/// folder of jars in the installation's `lib/runtimes`; a gateway finds it when it starts.
@Command(
        name = "runtime",
        description =
                "Show, add and remove the engines that run model files, the source of flags, and where metrics are sent.",
        mixinStandardHelpOptions = true,
        subcommands = {RuntimeCommand.Show.class, RuntimeCommand.Add.class, RuntimeCommand.Remove.class})
final class RuntimeCommand implements Callable<Integer> {

    private static final String FLAGS = "openfeature";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Objects.requireNonNull(spec).commandLine().usage(spec.commandLine().getOut());
        return ExitCode.USAGE;
    }

    /// The installation that the command belongs to, as the launcher tells it.
    private record Installation(Path sources, Path added) {

        static Installation here() {
            String home = System.getProperty("patchbay.home");
            String added = System.getProperty("patchbay.runtimes");
            if (home == null || added == null) {
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "this is no installation with engines of its own: start the command by its launcher, ./patchbay");
            }
            return new Installation(Path.of(home, "runtimes"), Path.of(added));
        }

        /// Lists the engines that can be added: the rooms that pack one.
        Set<String> optional() throws IOException {
            Set<String> names = new TreeSet<>();
            if (Files.isDirectory(sources)) {
                try (Stream<Path> rooms = Files.list(sources)) {
                    for (Path room : rooms.toList()) {
                        if (Files.exists(room.resolve("pom.xml"))
                                && Files.readString(room.resolve("pom.xml")).contains("<id>engine</id>")) {
                            names.add(String.valueOf(room.getFileName()));
                        }
                    }
                }
            }
            return names;
        }

        Path folder(String name) {
            return added.resolve(name);
        }
    }

    @Command(name = "list", description = "List the engines and where they are.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            Logging.quiet();
            Installation installation = Installation.here();
            ModelRuntimes installed = ModelRuntimes.installed();
            List<String> running = Stream.concat(
                            installed.engines().stream().map(ModelRuntime::format),
                            Stream.concat(
                                    installed.flags().stream().map(_ -> FLAGS),
                                    installed.sinks().stream().map(MetricsSink::name)))
                    .sorted()
                    .toList();
            Table table = new Table("ENGINE", "STATE", "WHERE");
            for (String name : running) {
                boolean added = Files.isDirectory(installation.folder(name));
                table.row(name, added ? "added" : "always there", added ? installation.folder(name) + "" : "–");
            }
            for (String name : installation.optional()) {
                if (!running.contains(name)) {
                    table.row(name, "not there", "patchbay runtime add " + name);
                }
            }
            table.print(Objects.requireNonNull(spec).commandLine().getOut());
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "add",
            description = "Build an engine, download its libraries, and put it where gateways find it.",
            mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {

        @Parameters(
                paramLabel = "ENGINE",
                description = "Such as torchscript, tensorflow, pmml, openfeature or cloudwatch.")
        private String name = "";

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            Installation installation = Installation.here();
            if (!installation.optional().contains(name)) {
                throw new CommandFailed(
                        ExitCode.USAGE,
                        "there is no engine '%s' to add; those that can be added: %s"
                                .formatted(name, String.join(", ", installation.optional())));
            }
            out.println("Building the engine; its libraries are downloaded once …");
            out.flush();
            Path room = installation.sources().resolve(name);
            build(installation.sources().resolveSibling("."), room);
            Path folder = installation.folder(name);
            int jars = place(room.resolve("target/engine"), folder);
            out.printf(
                    "✔ %s is in %s (%d jars, %d MB); gateways find it when they start%n",
                    name, folder, jars, size(folder) / 1_000_000);
            out.flush();
            return ExitCode.DONE;
        }

        private void build(Path home, Path room) throws IOException, InterruptedException {
            Path log = room.resolve("target/add.log");
            Files.createDirectories(room.resolve("target"));
            Process maven = new ProcessBuilder(
                            "mvn",
                            "-B",
                            "-Dmaven.test.skip=true",
                            "-Dspotless.check.skip=true",
                            "package",
                            "-am",
                            "-pl",
                            "runtimes/" + name)
                    .directory(home.toAbsolutePath().normalize().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (maven.waitFor() != 0) {
                String errors;
                try (Stream<String> lines = Files.lines(log)) {
                    errors = lines.filter(line -> line.startsWith("[ERROR]"))
                            .limit(5)
                            .reduce("", (before, line) -> before + "\n  " + line);
                }
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "the engine could not be built; all of the output is in %s%s".formatted(log, errors));
            }
        }

        /// A gateway that starts meanwhile sees the old folder or the new one, or none.
        private static int place(Path engine, Path folder) throws IOException {
            Path fresh = folder.resolveSibling("." + folder.getFileName() + ".new");
            delete(fresh);
            Files.createDirectories(fresh);
            int jars = 0;
            for (Path jar : files(engine)) {
                Files.copy(jar, fresh.resolve(jar.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                jars++;
            }
            delete(folder);
            Files.move(fresh, folder);
            return jars;
        }

        private static long size(Path folder) throws IOException {
            long bytes = 0;
            for (Path file : files(folder)) {
                bytes += Files.size(file);
            }
            return bytes;
        }

        private static List<Path> files(Path folder) throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(Files::isRegularFile).toList();
            }
        }
    }

    @Command(
            name = "remove",
            description = "Remove an engine that was added; gateways that run keep it until they end.",
            mixinStandardHelpOptions = true)
    static final class Remove implements Callable<Integer> {

        @Parameters(paramLabel = "ENGINE", description = "As 'patchbay runtime list' names it.")
        private String name = "";

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            Installation installation = Installation.here();
            Path folder = installation.folder(name);
            if (!folder.normalize().startsWith(installation.added().normalize())
                    || folder.normalize().equals(installation.added().normalize())
                    || !Files.isDirectory(folder)) {
                throw new CommandFailed(
                        ExitCode.USAGE,
                        "no engine '%s' was added to %s; 'patchbay runtime list' shows what is there"
                                .formatted(name, installation.added()));
            }
            delete(folder);
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.println("✔ " + name + " is removed");
            out.flush();
            return ExitCode.DONE;
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
