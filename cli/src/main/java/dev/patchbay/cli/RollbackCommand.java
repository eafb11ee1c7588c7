package dev.patchbay.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts a task's older routing in force again.
@Command(
        name = "rollback",
        description = "Put a task's older routing in force again, as a new revision.",
        mixinStandardHelpOptions = true)
final class RollbackCommand implements Callable<Integer> {

    @Parameters(paramLabel = "TASK", description = "The task.")
    private String task = "";

    @Option(
            names = "--to",
            paramLabel = "VERSION",
            description = "To when this version was the default (default: to the routing before).")
    private @Nullable String version;

    @Option(names = "--to-revision", paramLabel = "N", description = "To the task's routing in this revision.")
    private @Nullable Long revision;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept in the history.")
    private String reason = "rolled back";

    @Option(names = "--if-revision", paramLabel = "N", description = "Only if this revision is in force.")
    private @Nullable Long expected;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ObjectNode order = Client.JSON.createObjectNode();
        order.put("task", task)
                .put("author", System.getProperty("user.name", "cli"))
                .put("reason", reason);
        if (version != null) {
            order.put("to_version", version);
        }
        if (revision != null) {
            order.put("to_revision", revision);
        }
        if (expected != null) {
            order.put("expected_revision", expected);
        }
        JsonNode answer = parent.client().post("/admin/v1/rollback", order);
        if (parent.json) {
            out.println(answer.toPrettyString());
        } else {
            out.printf(
                    "%s is routed as in revision %s again: default %s · revision %s is in force%n",
                    task,
                    answer.path("content_of").asString(),
                    answer.path("default_version").asString("none"),
                    answer.path("revision").asString());
            for (JsonNode decision : answer.path("decisions")) {
                out.printf(
                        "✖ experiment %s still gives %s %% of the calls to %s, as %s decided (%s), and a rollback does not undo that: patchbay rollout abort %s%n",
                        decision.path("experiment").asString(),
                        decision.path("percent").decimalValue().toPlainString(),
                        decision.path("version").asString(),
                        decision.path("author").asString(),
                        decision.path("reason").asString(),
                        task);
            }
            if (answer.path("differs_from_file").asBoolean()) {
                out.println("The config file still says otherwise; this holds until its section of " + task
                        + " is changed.");
            }
        }
        out.flush();
        return ExitCode.DONE;
    }
}
