package dev.patchbay.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Lists the artifacts in the modules folder, with what became of them.
@Command(
        name = "modules",
        description = "List modules with their state, and the cause where one is not ready.",
        mixinStandardHelpOptions = true)
final class ModulesCommand implements Callable<Integer> {

    @Option(names = "--warnings", description = "Show what in each module's code may make trouble.")
    private boolean warnings;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        JsonNode answer = parent.client().get("/admin/v1/modules");
        if (parent.json) {
            out.println(answer.toPrettyString());
            return ExitCode.DONE;
        }
        Table table = new Table(
                "TASK", "VERSION", "STATE", "ROUTED BY", "IN FLIGHT", "P50", "CPU", "WARNINGS", "OWNER", "SOURCE");
        for (JsonNode module : answer.path("modules")) {
            JsonNode baseline = module.path("baseline");
            table.row(
                    module.path("task").asString("?"),
                    module.path("version").asString("?"),
                    module.path("state").asString(),
                    rules(module.path("routed_by")),
                    module.path("in_flight").asString(),
                    baseline.isMissingNode() ? "–" : baseline.path("p50_us").asString() + " µs",
                    module.has("cpu_seconds")
                            ? "%.1f s".formatted(module.path("cpu_seconds").doubleValue())
                            : "–",
                    module.path("warnings").isEmpty()
                            ? "–"
                            : String.valueOf(module.path("warnings").size()),
                    module.path("owner").asString("–"),
                    module.path("source").asString());
        }
        table.print(out);
        for (JsonNode module : answer.path("modules")) {
            if (module.has("cause")) {
                out.printf(
                        "✖ %s %s: %s%s%n",
                        module.path("source").asString(),
                        module.path("state").asString(),
                        module.has("stage") ? "in " + module.path("stage").asString() + ": " : "",
                        module.path("cause").asString());
            }
            String source = module.path("source").asString();
            if (module.path("state").asString().equals("ready")
                    && module.path("removed_from_folder").asBoolean()) {
                out.printf(
                        "◌ %s was removed from the folder and serves until no rule names it (%s); it is not there after a restart%n",
                        source, rules(module.path("routed_by")));
            }
            if (module.path("circuit").asString("").equals("open")) {
                out.printf("✖ %s rests after failures, and its callers get circuit-open: `patchbay events`%n", source);
            }
            if (module.path("abandoned").asInt(0) > 0) {
                out.printf(
                        "✖ %s: %d calls go on long after their deadline and hold their threads: `patchbay events`%n",
                        source, module.path("abandoned").asInt());
            }
            if (module.path("loader").asString().equals("leaked")) {
                out.printf("✖ %s leaked: what it left in memory is named by `patchbay leaks --explain`%n", source);
            }
            for (JsonNode freed : module.path("freed")) {
                out.printf("◌ %s: its teardown did not, so the host %s%n", source, freed.asString());
            }
            if (warnings) {
                for (JsonNode warning : module.path("warnings")) {
                    out.printf(
                            "◌ %s [%s]: %s%n",
                            source,
                            warning.path("habit").asString(),
                            warning.path("message").asString());
                }
            }
        }
        out.flush();
        return ExitCode.DONE;
    }

    private static String rules(JsonNode rules) {
        if (rules.isEmpty()) {
            return "–";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode rule : rules) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(rule.asString().replace("experiment ", "").replace("default_version", "default"));
        }
        return text.toString();
    }
}
