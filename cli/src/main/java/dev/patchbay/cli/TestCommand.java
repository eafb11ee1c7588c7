package dev.patchbay.cli;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.golden.GoldenInvalid;
import dev.patchbay.core.schema.Nearest;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.golden.GoldenChange;
import dev.patchbay.testkit.golden.GoldenRecorder;
import dev.patchbay.testkit.load.LoadPlan;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.project.ProjectBroken;
import dev.patchbay.testkit.report.ConsoleReport;
import dev.patchbay.testkit.report.HtmlReport;
import dev.patchbay.testkit.report.JUnitReport;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs a module in a gateway of its own and checks it.
@Command(
        name = "test",
        description = "Check a module: its contract, its golden cases and, if asked, that it breaks no caller.",
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

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A patchbay.yaml with the module's settings (default: the one in MODULE, if there is one).")
    private @Nullable Path config;

    @Option(
            names = "--layer",
            paramLabel = "KIND",
            split = ",",
            description = "Run only these: contract, compatibility, golden, rules, leak, load.")
    private List<String> layers = List.of();

    @Option(names = "--golden", paramLabel = "DIR", description = "Take golden cases from this folder as well.")
    private List<Path> golden = List.of();

    @ArgGroup(exclusive = true)
    private @Nullable Recording recording;

    /// What becomes of the golden cases.
    static final class Recording {
        @Option(
                names = "--record",
                description =
                        "Record what the module answers to examples and to golden cases without an answer; with --layer load, how fast.")
        private boolean missing;

        @Option(names = "--update", description = "Show golden values that changed, and replace those agreed to.")
        private boolean changed;
    }

    @Option(names = "--yes", description = "Write what --record and --update show without asking.")
    private boolean yes;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "20",
            description = "Leak: load and tear down so often (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--rate", paramLabel = "N", description = "Load: begin so many calls a second (default: 500).")
    private int rate;

    @Option(
            names = "--callers",
            paramLabel = "N",
            description = "Load: instead of a rate, callers who wait and ask again.")
    private int callers;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Load: measure so long (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            split = ",",
            description = "Write the report: a page to read as FILE.html, JUnit's format as FILE.xml.")
    private List<Path> reports = List.of();

    @Option(names = "--all", description = "List the checks that passed as well.")
    private boolean everything;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.quiet();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ExitNotice notice = ExitNotice.failing(
                "; a module must not end the process, which is the gateway's. No check after that was made")) {
            return call(out);
        }
    }

    private Integer call(PrintWriter out) throws IOException, InterruptedException {
        TestPlan plan = plan();
        TestReport report;
        try (ModuleSuite suite = ModuleSuite.start(plan)) {
            if (recording != null) {
                return record(suite, plan, recording.changed, out);
            }
            report = suite.run(suite.of(kinds()), result -> {});
        } catch (ModuleNotReady e) {
            report = ModuleSuite.notReady(plan, e);
        } catch (GoldenInvalid e) {
            throw new CommandFailed(ExitCode.CHECK_NOT_PASSED, "golden/" + e.getMessage());
        } catch (ConfigInvalid e) {
            throw new CommandFailed(ExitCode.CHECK_NOT_PASSED, config + " is refused:\n" + e.getMessage());
        }
        new ConsoleReport(out, everything, hasColours()).print(report);
        write(report);
        return report.isPassed() ? ExitCode.DONE : ExitCode.CHECK_NOT_PASSED;
    }

    private static boolean hasColours() {
        return System.console() != null
                && System.console().isTerminal()
                && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
    }

    private void write(TestReport report) throws IOException {
        for (Path file : reports) {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            Files.writeString(
                    file, file.toString().endsWith(".xml") ? JUnitReport.write(report) : HtmlReport.write(report));
        }
    }

    private LoadPlan load() {
        if (rate > 0 && callers > 0) {
            throw new CommandFailed(ExitCode.USAGE, "load has either a rate or callers; give --rate or --callers");
        }
        if (rate < 0 || callers < 0 || seconds < 1 || rounds < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--rate, --callers, --seconds and --rounds take numbers above 0");
        }
        return new LoadPlan(
                rate == 0 && callers == 0 ? LoadPlan.USUAL.rate() : rate,
                callers,
                LoadPlan.USUAL.warmUp(),
                Duration.ofSeconds(seconds));
    }

    private int record(ModuleSuite suite, TestPlan plan, boolean changed, PrintWriter out)
            throws IOException, InterruptedException {
        if (kinds().contains(Check.Kind.LOAD)) {
            out.println("✔ wrote " + suite.load().record());
            out.flush();
            return ExitCode.DONE;
        }
        GoldenRecorder recorder = new GoldenRecorder(suite.module(), plan.project(), suite.goldenFiles());
        List<GoldenChange> changes = changed ? recorder.update() : recorder.record();
        return new GoldenReview(out, System.console(), yes).review(changes, recorder.notes());
    }

    private Set<Check.Kind> kinds() {
        if (layers.isEmpty()) {
            return ModuleSuite.USUAL;
        }
        List<String> known =
                Arrays.stream(Check.Kind.values()).map(Check.Kind::label).toList();
        Set<Check.Kind> kinds = EnumSet.noneOf(Check.Kind.class);
        for (String layer : layers) {
            int at = known.indexOf(layer.strip());
            if (at < 0) {
                throw new CommandFailed(
                        ExitCode.USAGE,
                        "--layer %s: there is no such kind of check%s They are %s"
                                .formatted(layer, Nearest.question(layer, known), String.join(", ", known)));
            }
            kinds.add(Check.Kind.values()[at]);
        }
        return kinds;
    }

    private TestPlan plan() throws IOException {
        if (config == null && Files.isRegularFile(module.resolve("patchbay.yaml"))) {
            config = module.resolve("patchbay.yaml");
        }
        try {
            return new TestPlan(
                    project(module),
                    config == null ? "" : Files.readString(config),
                    companions.stream().map(path -> project(path).artifact()).toList(),
                    golden,
                    against == null ? null : project(against).artifact(),
                    kinds().contains(Check.Kind.LEAK) ? rounds : 0,
                    load());
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
