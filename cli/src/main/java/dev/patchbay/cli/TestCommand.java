package dev.patchbay.cli;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.project.ProjectBroken;
import dev.patchbay.testkit.report.ConsoleReport;
import dev.patchbay.testkit.suite.ModuleSuite;
import dev.patchbay.testkit.suite.TestPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs a module in a gateway of its own and checks it.
@Command(
        name = "test",
        description = "Check a module: its contract and, if asked, that the next version breaks no caller.",
        mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "MODULE",
            defaultValue = ".",
            description = "A jar, a module folder or a project folder (default: the current one).")
    private Path module = Path.of(".");

    @Option(
            names = "--against",
            paramLabel = "OLD",
            description = "Compare the schemas with those of the previous version; a breaking difference fails.")
    private @Nullable Path against;

    @Option(
            names = "--with",
            paramLabel = "MODULE",
            description = "Run this module beside it, for a task that it asks. May be given more than once.")
    private List<Path> companions = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "A patchbay.yaml with the module's settings.")
    private @Nullable Path config;

    @Option(names = "--all", description = "List the checks that passed as well.")
    private boolean everything;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        TestPlan plan = plan();
        TestReport report;
        try (ModuleSuite suite = ModuleSuite.start(plan)) {
            report = suite.run(suite.all(), result -> {});
        } catch (ModuleNotReady e) {
            report = ModuleSuite.notReady(plan, e);
        } catch (ConfigInvalid e) {
            throw new CommandFailed(ExitCode.CHECK_NOT_PASSED, config + " is refused:\n" + e.getMessage());
        }
        new ConsoleReport(out, everything).print(report);
        return report.isPassed() ? ExitCode.DONE : ExitCode.CHECK_NOT_PASSED;
    }

    private TestPlan plan() throws IOException {
        try {
            return new TestPlan(
                    project(module),
                    config == null ? "" : Files.readString(config),
                    companions.stream().map(path -> project(path).artifact()).toList(),
                    List.of(),
                    against == null ? null : project(against).artifact());
        } catch (ProjectBroken e) {
            throw new CommandFailed(ExitCode.CHECK_NOT_PASSED, e.getMessage());
        }
    }

    private static ModuleProject project(Path given) {
        if (!Files.exists(given)) {
            throw new CommandFailed(ExitCode.USAGE, "there is no file or folder " + given);
        }
        return ModuleProject.at(given);
    }
}
