package dev.patchbay.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Shows who gets which version.
@Command(name = "routes", description = "Show who gets which version.", mixinStandardHelpOptions = true)
final class RoutesCommand implements Callable<Integer> {

    @Option(names = "--revision", paramLabel = "N", description = "As it was in an older revision.")
    private @Nullable Long revision;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        JsonNode answer = parent.client().get("/admin/v1/routes" + (revision == null ? "" : "?revision=" + revision));
        if (parent.json) {
            out.println(answer.toPrettyString());
            return ExitCode.DONE;
        }
        Table table = new Table("TASK", "DEFAULT", "TENANTS", "EXPERIMENTS", "READY", "");
        for (JsonNode task : answer.path("tasks")) {
            List<String> tenants = new ArrayList<>();
            List<String> experiments = new ArrayList<>();
            if (task.has("flag")) {
                experiments.add("flag %s (%s)"
                        .formatted(
                                task.path("flag").path("key").asString(),
                                task.path("flag").path("unit").asString("tenant")));
            }
            for (JsonNode experiment : task.path("experiments")) {
                String version = experiment.path("version").asString();
                if (experiment.has("rollout")) {
                    experiments.add("%s %s%% → %s (%s)"
                            .formatted(
                                    experiment.path("name").asString(),
                                    experiment
                                            .path("rollout")
                                            .decimalValue()
                                            .stripTrailingZeros()
                                            .toPlainString(),
                                    version,
                                    experiment.path("unit").asString()));
                } else if (!experiment.path("tenants").isEmpty()) {
                    experiment.path("tenants").forEach(tenant -> tenants.add(tenant.asString() + " → " + version));
                } else {
                    experiments.add(
                            experiment.path("name").asString() + " " + experiment.path("match") + " → " + version);
                }
            }
            List<String> ready = new ArrayList<>();
            task.path("ready").forEach(version -> ready.add(version.asString()));
            table.row(
                    task.path("task").asString(),
                    task.path("default_version").asString("–"),
                    tenants.isEmpty() ? "–" : String.join(", ", tenants),
                    experiments.isEmpty() ? "–" : String.join(", ", experiments),
                    ready.isEmpty() ? "none" : String.join(" ", ready),
                    task.path("differs_from_file").asBoolean() ? "differs from the file" : "");
        }
        table.print(out);
        out.println("revision " + answer.path("revision").asString());
        if (revision == null) {
            status(out, parent.client().get("/admin/v1/status"));
        }
        out.flush();
        return ExitCode.DONE;
    }

    private static void status(PrintWriter out, JsonNode status) {
        for (JsonNode waiting : status.path("waiting_for")) {
            out.println("◌ the saved config waits for " + waiting.asString());
        }
        for (JsonNode problem : status.path("problems")) {
            out.printf(
                    "✖ the saved config is refused: %s%s%s%n",
                    problem.path("line").asInt() > 0
                            ? "line " + problem.path("line").asInt() + ": "
                            : "",
                    problem.path("path").asString("").isEmpty()
                            ? ""
                            : problem.path("path").asString() + ": ",
                    problem.path("message").asString());
        }
    }
}
