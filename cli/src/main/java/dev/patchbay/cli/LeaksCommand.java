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

/// Lists retired versions whose classes are still in memory, and names what holds them.
@Command(
        name = "leaks",
        description = "List retired versions whose classes are still in memory; with --explain, name what holds them.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExit codes:%n",
        footer = {"  0  nothing is leaked", "  3  something is leaked"})
final class LeaksCommand implements Callable<Integer> {

    @Parameters(index = "0", arity = "0..1", paramLabel = "TASK", description = "One task only.")
    private @Nullable String task;

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "One version only.")
    private @Nullable String version;

    @Option(
            names = "--explain",
            description = "Look at the gateway's heap for the holders. The gateway stops for that: some ten"
                    + " milliseconds with a small heap, seconds with one of gigabytes.")
    private boolean explain;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        JsonNode answer = explain ? explained(parent.client()) : parent.client().get("/admin/v1/leaks");
        boolean leaked = false;
        Table table = new Table("INSTANCE", "LOADER", "RETIRED AT", "SURVIVED COLLECTIONS");
        int rows = 0;
        for (JsonNode survivor : answer.path("survivors")) {
            if (!isAsked(survivor.path("instance").asString())) {
                continue;
            }
            rows++;
            leaked |= survivor.path("loader").asString().equals("leaked");
            table.row(
                    survivor.path("instance").asString(),
                    survivor.path("loader").asString(),
                    survivor.path("retired_at").asString(),
                    survivor.path("survived_collections").asString());
        }
        if (parent.json) {
            out.println(answer.toPrettyString());
        } else if (rows == 0) {
            out.println("No retired version is still in memory.");
        } else {
            table.print(out);
            for (JsonNode survivor : answer.path("survivors")) {
                if (isAsked(survivor.path("instance").asString())) {
                    details(out, survivor);
                }
            }
            if (leaked && !explain) {
                out.println("`patchbay leaks --explain` names what holds them; the gateway stops shortly for that.");
            }
        }
        out.flush();
        return leaked ? ExitCode.CHECK_NOT_PASSED : ExitCode.DONE;
    }

    private JsonNode explained(Client client) {
        ObjectNode body = Client.JSON.createObjectNode();
        body.put("task", task);
        body.put("version", version);
        return client.post("/admin/v1/leaks/explain", body);
    }

    private boolean isAsked(String instance) {
        return task == null || instance.startsWith(version == null ? task + "@" : task + "@" + version + "#");
    }

    private void details(PrintWriter out, JsonNode survivor) {
        String instance = survivor.path("instance").asString();
        if (!explain) {
            for (JsonNode thread : survivor.path("threads")) {
                out.printf("✖ %s: %s%n", instance, thread.asString());
            }
            return;
        }
        if (survivor.path("holders").isEmpty()) {
            out.printf(
                    "✖ %s: no way from a root to it was found; it goes with the next collection, or what holds it is not visible in a heap dump%n",
                    instance);
        }
        for (JsonNode holder : survivor.path("holders")) {
            out.printf(
                    "✖ %s is held by %s%s%n",
                    instance,
                    holder.path("held_by").asString(),
                    holder.path("soft").asBoolean() ? ", until memory runs short" : "");
            out.printf("  %s%n", holder.path("remedy").asString());
            for (JsonNode step : holder.path("path")) {
                out.printf("    → %s%n", step.asString());
            }
        }
    }
}
