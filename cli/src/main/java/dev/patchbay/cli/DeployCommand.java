package dev.patchbay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Brings a module to a running gateway. It gets no traffic before a config names it.
@Command(
        name = "deploy",
        description = "Bring a module's jar to a running gateway and wait until it is ready. Moves no traffic.",
        mixinStandardHelpOptions = true)
final class DeployCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Parameters(paramLabel = "JAR", description = "The jar or zip, as `patchbay package` makes it.")
    private Path jar = Path.of("");

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (!Files.isRegularFile(jar)) {
            throw new CommandFailed(
                    ExitCode.USAGE, "there is no file %s; `patchbay package` makes one of a project".formatted(jar));
        }
        Client client = Objects.requireNonNull(patchbay).client();
        String source = client.upload(jar).path("stored").asString("");
        JsonNode module = client.await(
                PATIENCE,
                source,
                each -> each.path("source").asString("").equals(source),
                each -> each.path("state").asString("").equals("ready"));
        String task = module.path("task").asString("");
        String version = module.path("version").asString("");
        boolean routed = !module.path("routed_by").isEmpty();
        out.printf("✔ %s %s is ready%n", task, version);
        out.println(
                routed
                        ? "  it answers: " + module.path("routed_by")
                        : "  it gets no traffic so far; set inference.%s.default_version: \"%s\" in patchbay.yaml, or try it: patchbay try %s … --version %s"
                                .formatted(task, version, task, version));
        out.flush();
        return ExitCode.DONE;
    }
}
