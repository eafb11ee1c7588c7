package dev.patchbay.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
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

/// Shows who uses which version, how fast it is, and what may be retired.
@Command(
        name = "usage",
        description = "Show who uses which version, how fast it answers, and what may be retired.",
        mixinStandardHelpOptions = true)
final class UsageCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "TASK", description = "One task only.")
    private @Nullable String task;

    @Option(names = "--tenants", description = "Show each tenant's use.")
    private boolean tenants;

    @Option(names = "--stages", description = "Show the time in each stage.")
    private boolean stages;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        JsonNode usage = of(parent.client(), task);
        if (parent.json) {
            out.println(usage.toPrettyString());
            return ExitCode.DONE;
        }
        Table table = new Table(
                "TASK", "VERSION", "CALLS/H", "FAILED", "TIMEOUTS", "P50", "P95", "P99", "LAST USED", "RETIRE");
        for (JsonNode version : usage.path("versions")) {
            row(
                    table,
                    version.path("task").asString(),
                    version.path("version").asString(),
                    version,
                    version.path("retire").asString());
            if (stages) {
                version.path("hour")
                        .path("stages")
                        .properties()
                        .forEach(stage -> table.row(
                                "",
                                "  " + stage.getKey(),
                                stage.getValue().path("count").asString(),
                                "",
                                "",
                                millis(stage.getValue().path("p50_us")),
                                millis(stage.getValue().path("p95_us")),
                                millis(stage.getValue().path("p99_us")),
                                "",
                                ""));
            }
            if (tenants) {
                version.path("tenants")
                        .forEach(tenant ->
                                row(table, "", "  " + tenant.path("tenant").asString(), tenant, ""));
            }
        }
        table.print(out);
        usage.path("answers")
                .forEach(answer -> out.println(answer.path("task").asString() + ": "
                        + answer.path("says").asString()));
        out.println("since " + usage.path("since").asString().replaceAll("\\.\\d+Z", "Z"));
        out.flush();
        return ExitCode.DONE;
    }

    private static void row(Table table, String task, String name, JsonNode use, String retire) {
        JsonNode hour = use.path("hour");
        JsonNode total = hour.path("total");
        boolean used = total.path("count").asLong(0) > 0;
        table.row(
                task,
                name,
                hour.path("calls").asString("0"),
                share(hour, "failed"),
                share(hour, "timeouts"),
                used ? millis(total.path("p50_us")) : "–",
                used ? millis(total.path("p95_us")) : "–",
                used ? millis(total.path("p99_us")) : "–",
                ago(use.path("last_used")),
                retire);
    }

    /// Asks for the usage of a task, or of all.
    static JsonNode of(Client client, @Nullable String task) {
        JsonNode usage = client.get("/admin/v1/usage"
                + (task == null
                        ? ""
                        : "?task=" + java.net.URLEncoder.encode(task, java.nio.charset.StandardCharsets.UTF_8)));
        if (task != null && usage.path("versions").isEmpty()) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "no version of a task '%s' is loaded; `patchbay modules` lists all".formatted(task));
        }
        return usage;
    }

    static String share(JsonNode window, String field) {
        long calls = window.path("calls").asLong(0);
        long count = window.path(field).asLong(0);
        return calls == 0 ? "–" : count == 0 ? "0" : "%d (%.1f%%)".formatted(count, 100.0 * count / calls);
    }

    static String millis(JsonNode micros) {
        double millis = micros.asDouble() / 1_000;
        return millis < 10 ? "%.2f ms".formatted(millis) : "%.0f ms".formatted(millis);
    }

    private static String ago(JsonNode time) {
        if (!time.isString()) {
            return "never";
        }
        long seconds = Math.max(
                0,
                Duration.between(Instant.parse(time.stringValue()), Instant.now())
                        .toSeconds());
        return seconds < 120
                ? seconds + " s ago"
                : seconds < 7_200 ? seconds / 60 + " min ago" : seconds / 3_600 + " h ago";
    }
}
