package dev.patchbay.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Lists the config revisions, the newest first, with what each changed.
@Command(
        name = "history",
        description = "List config revisions: who changed what, when and why.",
        mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        JsonNode answer = parent.client().get("/admin/v1/revisions");
        if (parent.json) {
            out.println(answer.toPrettyString());
            return ExitCode.DONE;
        }
        for (JsonNode revision : answer.path("revisions")) {
            boolean active = revision.path("revision").equals(answer.path("active"));
            out.printf(
                    "%s %s  %s  %s  %s: %s%n",
                    active ? "●" : "○",
                    revision.path("revision").asString(),
                    revision.path("time").asString().replaceAll("\\.\\d+Z", "Z"),
                    revision.path("author").asString(),
                    revision.path("source").asString(),
                    revision.path("reason").asString());
            for (JsonNode change : revision.path("changes")) {
                out.printf(
                        "    %s: %s → %s%n",
                        change.path("path").asString(), value(change.path("before")), value(change.path("after")));
            }
        }
        out.flush();
        return ExitCode.DONE;
    }

    private static String value(JsonNode value) {
        String text = value.isNull() || value.isMissingNode() ? "–" : value.toString();
        return text.length() <= 100 ? text : text.substring(0, 97) + "...";
    }
}
