package dev.patchbay.cli;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.config.YamlFile;
import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.project.ProjectBroken;
import dev.patchbay.testkit.report.ConsoleReport;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Keeps a gateway serving what is in a module project: each time a file is saved, the project is compiled, its
/// contract and golden cases are checked, and if all is well the new build takes over between two calls. If not,
/// the report says why and the last good build goes on answering.
///
/// A version never changes once it is served, so each build is a version of its own, such as `1.0.0-dev.3`.
final class DevLoop implements AutoCloseable {

    private static final long PERIOD_MILLIS = 300;
    private static final Duration LONGEST_START = Duration.ofMinutes(1);
    private static final String DESCRIPTOR = "META-INF/patchbay/module.json";

    private final Path project;
    private final PrintWriter out;
    private final Path served;
    private final Path modules;
    private int builds;
    /// What the project was like when the last build began.
    private String seen = "";
    private @Nullable Path current;
    private @Nullable Thread thread;

    /// @param project the folder of a module project, or a module folder
    DevLoop(Path project, PrintWriter out) throws IOException {
        this.project = project.toAbsolutePath().normalize();
        this.out = out;
        this.served = Files.createTempDirectory("patchbay-dev-");
        this.modules = Files.createDirectories(served.resolve("modules"));
    }

    /// Gives the folder for the gateway to serve.
    Path served() {
        return served;
    }

    /// Makes the first build.
    ///
    /// @return whether it is fit to be served
    boolean begin() throws IOException, InterruptedException {
        seen = fingerprint();
        Optional<Build> build = build();
        if (build.isEmpty()) {
            return false;
        }
        config(build.get());
        return true;
    }

    /// Watches the project from now on.
    ///
    /// @param client to the gateway that serves the folder
    void watch(Client client) {
        thread = Thread.ofPlatform().daemon().name("patchbay-dev").start(() -> look(client));
    }

    private void look(Client client) {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                String now = fingerprint();
                if (!now.equals(seen)) {
                    seen = now;
                    rebuild(client);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rebuild(Client client) throws InterruptedException {
        long from = System.nanoTime();
        try {
            Path last = current;
            Optional<Build> build = build();
            if (build.isEmpty()) {
                say("the last good build goes on answering");
                return;
            }
            await(
                    client,
                    build.get(),
                    module -> module.path("state").asString("").equals("ready"));
            config(build.get());
            await(client, build.get(), module -> !module.path("routed_by").isEmpty());
            if (last != null) {
                delete(last);
            }
            say("✔ %s answers · %.1f s after the save".formatted(build.get(), (System.nanoTime() - from) / 1e9));
        } catch (IOException | UncheckedIOException | CommandFailed e) {
            say("✖ " + e.getMessage());
        }
    }

    /// A build that passed its checks and lies where the gateway sees it.
    private record Build(String task, String version) {
        @Override
        public String toString() {
            return task + "@" + version;
        }
    }

    private Optional<Build> build() throws IOException, InterruptedException {
        try {
            TestPlan plan = TestPlan.of(project);
            if (!passes(plan)) {
                return Optional.empty();
            }
            return Optional.of(stage(plan.project()));
        } catch (ProjectBroken e) {
            say("✖ " + e.getMessage());
            return Optional.empty();
        }
    }

    private boolean passes(TestPlan plan) throws InterruptedException {
        TestReport report;
        try (ModuleSuite suite = ModuleSuite.start(plan)) {
            report = suite.run(suite.all(), result -> {});
        } catch (ModuleNotReady e) {
            report = ModuleSuite.notReady(plan, e);
        }
        new ConsoleReport(out, false, false).print(report);
        return report.isPassed();
    }

    private Build stage(ModuleProject built) throws IOException {
        builds++;
        Path next = modules.resolve(".next");
        delete(next);
        copy(built.artifact(), next);
        Build build = renamed(next);
        Path target = modules.resolve(build.task() + "-" + build.version());
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
        current = target;
        return build;
    }

    /// Gives the copy of an artifact a version of its own.
    private Build renamed(Path artifact) throws IOException {
        Path json = artifact.resolve(DESCRIPTOR);
        if (Files.isRegularFile(json)) {
            ObjectNode descriptor = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(json));
            String version = dev(descriptor.path("version").asString(""));
            Files.write(json, JsonMapper.shared().writeValueAsBytes(descriptor.put("version", version)));
            return new Build(descriptor.path("task").asString(""), version);
        }
        Path yaml = artifact.resolve("module.yaml");
        String text = Files.readString(yaml);
        JsonNode descriptor = YamlFile.read(text);
        String version = dev(descriptor.path("version").asString(""));
        Files.writeString(yaml, text.replaceFirst("(?m)^version:.*$", "version: \"" + version + "\""));
        return new Build(descriptor.path("task").asString(""), version);
    }

    private String dev(String version) {
        return version.replaceFirst("[-+].*$", "") + "-dev." + builds;
    }

    /// Writes the project's own `patchbay.yaml` with the build as the task's default version.
    private void config(Build build) throws IOException {
        Path own = project.resolve("patchbay.yaml");
        ObjectNode config = JsonMapper.shared().createObjectNode();
        if (Files.isRegularFile(own)) {
            try {
                config = (ObjectNode) YamlFile.read(Files.readString(own));
            } catch (ConfigInvalid e) {
                say("✖ patchbay.yaml is not used: " + e.getMessage());
            }
        }
        config.withObject("/inference/" + build.task()).put("default_version", build.version());
        Path next = served.resolve(".patchbay.yaml");
        // JSON is YAML
        Files.writeString(next, config.toPrettyString());
        Files.move(
                next,
                served.resolve("patchbay.yaml"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private static void await(Client client, Build build, Predicate<JsonNode> wanted) throws InterruptedException {
        client.await(
                LONGEST_START,
                build.toString(),
                module -> module.path("task").asString("").equals(build.task())
                        && module.path("version").asString("").equals(build.version()),
                wanted);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    /// Names and times of everything an author edits.
    private String fingerprint() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(project)) {
            for (Path file : files.filter(Predicate.not(this::isMade)).sorted().toList()) {
                if (Files.isRegularFile(file)) {
                    all.append(file).append(Files.getLastModifiedTime(file)).append('\n');
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // saved at this very moment; the next look sees it whole
            return all.toString();
        }
        return all.toString();
    }

    private boolean isMade(Path file) {
        Path inside = project.relativize(file);
        return inside.startsWith("target")
                || inside.toString().startsWith(".")
                || inside.toString().endsWith("~");
    }

    private void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path inside = from.relativize(file);
                if (from.equals(project) && isMade(file) && !inside.toString().isEmpty()) {
                    continue;
                }
                Path target = to.resolve(inside.toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        Thread watching = thread;
        if (watching != null) {
            watching.interrupt();
        }
        try {
            delete(served);
        } catch (IOException e) {
            say("the folder %s could not be deleted: %s".formatted(served, e));
        }
    }
}
