package dev.patchbay.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Shows which answers are kept, and forgets them.
@Command(
        name = "cache",
        description = "Show how many answers are kept to be given again.",
        mixinStandardHelpOptions = true,
        subcommands = CacheCommand.Clear.class)
final class CacheCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        JsonNode answer = parent.client().get("/admin/v1/cache");
        if (parent.json) {
            out.println(answer.toPrettyString());
        } else if (answer.path("tasks").isEmpty()) {
            out.println("No answer is kept. That begins with cache under a task of patchbay.yaml.");
        } else {
            Table table = new Table("TASK", "ANSWERS", "BYTES", "EVICTED");
            answer.path("tasks")
                    .forEach(task -> table.row(
                            task.path("task").asString(),
                            task.path("answers").asString(),
                            task.path("bytes").asString(),
                            task.path("evicted").asString()));
            table.print(out);
        }
        out.flush();
        return ExitCode.DONE;
    }

    /// Forgets the answers of a task.
    @Command(
            name = "clear",
            description = "Forget the answers of a task; the next calls are answered anew.",
            mixinStandardHelpOptions = true)
    static final class Clear implements Callable<Integer> {

        @Parameters(paramLabel = "TASK", description = "The task.")
        private String task = "";

        @ParentCommand
        private @Nullable CacheCommand cache;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            Patchbay parent = Objects.requireNonNull(Objects.requireNonNull(cache).patchbay);
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            JsonNode answer =
                    parent.client().delete("/admin/v1/cache/" + URLEncoder.encode(task, StandardCharsets.UTF_8));
            if (parent.json) {
                out.println(answer.toPrettyString());
            } else {
                out.printf(
                        "✔ %s: %s answers forgotten%n",
                        task, answer.path("cleared").path("answers").asString());
            }
            out.flush();
            return ExitCode.DONE;
        }
    }
}
