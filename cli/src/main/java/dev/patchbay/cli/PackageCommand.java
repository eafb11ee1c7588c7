package dev.patchbay.cli;

import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.TestGateway;
import dev.patchbay.testkit.project.ModuleJar;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.project.ProjectBroken;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Packs a module that a gateway can load into one file.
@Command(
        name = "package",
        description = "Pack a module project or folder into one jar, after seeing that a gateway can load it.",
        mixinStandardHelpOptions = true)
final class PackageCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODULE", defaultValue = ".", description = "The folder (default: the current one).")
    private Path module = Path.of(".");

    @Option(names = "--out", paramLabel = "FILE", description = "The jar (default: target/TASK-VERSION-module.jar).")
    private @Nullable Path file;

    @Option(names = "--config", paramLabel = "FILE", description = "A patchbay.yaml with the module's settings.")
    private @Nullable Path config;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.quiet();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (!Files.isDirectory(module)) {
            throw new CommandFailed(ExitCode.USAGE, "there is no folder " + module);
        }
        try (TestGateway gateway = TestGateway.start(config == null ? "" : Files.readString(config))) {
            ModuleProject project = ModuleProject.at(module);
            RunningModule running = gateway.deploy(project.artifact());
            Path target = file == null
                    ? module.resolve("target/%s-%s-module.jar"
                            .formatted(
                                    running.key().task().replace('_', '-'),
                                    running.key().version()))
                    : file;
            ModuleJar jar = ModuleJar.pack(project.artifact(), target);
            out.printf(
                    "✔ %s · %d kB · sha256:%s%n%nNext:%n  patchbay deploy %s%n",
                    jar.file(), (Files.size(jar.file()) + 999) / 1000, jar.sha256(), jar.file());
            out.flush();
            return ExitCode.DONE;
        } catch (ProjectBroken e) {
            throw new CommandFailed(ExitCode.CHECK_NOT_PASSED, e.getMessage());
        } catch (ModuleNotReady e) {
            throw new CommandFailed(
                    ExitCode.CHECK_NOT_PASSED, "%s was not packed; %s".formatted(module, e.getMessage()));
        }
    }
}
