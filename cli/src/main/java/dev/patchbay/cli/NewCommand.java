package dev.patchbay.cli;

import dev.patchbay.server.Product;
import dev.patchbay.testkit.project.FolderTemplate;
import dev.patchbay.testkit.project.ProjectBroken;
import dev.patchbay.testkit.project.ProjectTemplate;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a module that passes its tests at once: a Java project, or a folder with a module that is no Java.
@Command(
        name = "new",
        description = "Make a module: a Java project with one class, settings, golden cases and a test; "
                + "or, with one of the options, a folder to serve.",
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

    @ArgGroup(exclusive = true)
    private @Nullable NoJava noJava;

    /// What answers, if it is no Java.
    static final class NoJava {
        @Option(names = "--python", description = "A Python class answers.")
        private boolean python;

        @Option(
                names = "--remote",
                paramLabel = "URL",
                description =
                        "A server answers: http:// and https:// in JSON, grpc:// and grpcs:// in the Open Inference Protocol.")
        private @Nullable URI remote;

        @Option(
                names = "--model",
                paramLabel = "FILE",
                description = "A model file answers: ONNX, PMML, TorchScript, or the folder of a SavedModel.")
        private @Nullable Path model;

        private FolderTemplate.Content content() {
            if (python) {
                return new FolderTemplate.Python();
            }
            return remote != null
                    ? new FolderTemplate.Remote(remote)
                    : new FolderTemplate.Model(Objects.requireNonNull(model));
        }
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Path folder = directory == null ? Path.of(task) : directory;
        try {
            if (noJava == null) {
                project(folder, out);
            } else {
                folder(new FolderTemplate(task, owner, noJava.content()), folder, out);
            }
            out.flush();
            return ExitCode.DONE;
        } catch (ProjectBroken e) {
            throw new CommandFailed(ExitCode.FAILED, e.getMessage());
        }
    }

    private void project(Path folder, PrintWriter out) throws IOException {
        ProjectTemplate template = new ProjectTemplate(
                task,
                packageName == null ? "com.example." + task.replace("_", "") : packageName,
                owner,
                Product.VERSION);
        template.write(folder).forEach(file -> out.println("  " + folder.resolve(file)));
        out.printf("%nNext:%n  patchbay test %s%n  patchbay serve --dev %s%n", folder, folder);
        out.printf(
                "  patchbay try %s @%s%n",
                task, folder.resolve("src/main/resources/META-INF/patchbay/examples/urgent.json"));
    }

    private void folder(FolderTemplate template, Path folder, PrintWriter out) throws IOException {
        if (packageName != null) {
            throw new CommandFailed(ExitCode.USAGE, "--package is for Java; leave it out");
        }
        template.write(folder).forEach(file -> out.println("  " + folder.resolve(file)));
        out.printf("%nNext:%n  patchbay test %s%n  patchbay serve %s%n", folder.resolve(template.module()), folder);
        if (Files.exists(folder.resolve(template.example()))) {
            out.printf("  patchbay try %s @%s%n", task, folder.resolve(template.example()));
        }
    }
}
