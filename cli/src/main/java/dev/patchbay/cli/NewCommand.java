package dev.patchbay.cli;

import dev.patchbay.server.Product;
import dev.patchbay.testkit.project.ProjectBroken;
import dev.patchbay.testkit.project.ProjectTemplate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a module project that builds and passes its tests at once.
@Command(
        name = "new",
        description = "Make a module project: one class, settings, golden cases, a test.",
        mixinStandardHelpOptions = true)
final class NewCommand implements Callable<Integer> {

    @Parameters(paramLabel = "TASK", description = "The task that the module answers, such as ticket_priority.")
    private String task = "";

    @Option(names = "--package", paramLabel = "NAME", description = "The Java package (default: com.example.TASK).")
    private @Nullable String packageName;

    @Option(names = "--owner", paramLabel = "TEAM", defaultValue = "my-team", description = "The team that owns it.")
    private String owner = "";

    @Option(names = "--dir", paramLabel = "DIR", description = "Where to make it (default: ./TASK).")
    private @Nullable Path directory;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try {
            ProjectTemplate template = new ProjectTemplate(
                    task,
                    packageName == null ? "com.example." + task.replace("_", "") : packageName,
                    owner,
                    Product.VERSION);
            Path folder = directory == null ? Path.of(task) : directory;
            template.write(folder).forEach(file -> out.println("  " + folder.resolve(file)));
            out.printf("%nNext:%n  patchbay test %s%n  patchbay serve --dev %s%n", folder, folder);
            out.printf(
                    "  patchbay try %s @%s%n",
                    task, folder.resolve("src/main/resources/META-INF/patchbay/examples/urgent.json"));
            out.flush();
            return ExitCode.DONE;
        } catch (ProjectBroken e) {
            throw new CommandFailed(ExitCode.FAILED, e.getMessage());
        }
    }
}
