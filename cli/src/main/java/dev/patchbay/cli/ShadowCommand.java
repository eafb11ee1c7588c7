package dev.patchbay.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Shows what shadows would have answered.
@Command(
        name = "shadow",
        description = "Show what shadow versions would have answered.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ShadowCommand.Report.class)
final class ShadowCommand implements Runnable {

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "shadow needs: report");
    }

    /// Compares the answers of shadows with those that callers got.
    @Command(
            name = "report",
            description = "Compare the answers of shadows with those that callers got.",
            mixinStandardHelpOptions = true)
    static final class Report implements Callable<Integer> {

        @Parameters(paramLabel = "TASK", description = "The task.")
        private String task = "";

        @Option(
                names = "--diff",
                paramLabel = "N",
                description = "Show the first N differing answers (default: ${DEFAULT-VALUE}).")
        private int pairs = 3;

        @ParentCommand
        private @Nullable ShadowCommand shadow;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            Patchbay patchbay = Objects.requireNonNull(Objects.requireNonNull(shadow).patchbay);
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            JsonNode answer =
                    patchbay.client().get("/admin/v1/shadow/" + URLEncoder.encode(task, StandardCharsets.UTF_8));
            if (patchbay.json) {
                out.println(answer.toPrettyString());
            } else if (answer.path("shadows").isEmpty()) {
                out.printf(
                        "No shadow of '%s' was asked anything. One begins with shadow under inference.%s.%n",
                        task, task);
            } else {
                answer.path("shadows").forEach(report -> show(out, report));
            }
            out.flush();
            return ExitCode.DONE;
        }

        private void show(PrintWriter out, JsonNode report) {
            long compared = report.path("compared").asLong();
            out.printf(
                    "%s %s   %s compared, %s%n",
                    report.path("task").asString(),
                    report.path("version").asString(),
                    report.path("compared").asString(),
                    compared == 0
                            ? "no agreement known yet"
                            : "%.1f %% agree (%.1f to %.1f)"
                                    .formatted(
                                            100 * report.path("agreement").asDouble(),
                                            100 * report.path("agreement_low").asDouble(),
                                            100 * report.path("agreement_high").asDouble()));
            out.printf(
                    "  failed %s   answered alone %s   dropped %s%s%n",
                    report.path("failed").asString(),
                    report.path("answered_alone").asString(),
                    report.path("dropped").asString(),
                    report.path("slower").isNumber()
                            ? "   takes %.2f times as long"
                                    .formatted(report.path("slower").asDouble())
                            : "");
            counts(out, "errors", report.path("errors"));
            counts(out, "fields that differ", report.path("fields"));
            counts(out, "numbers apart by", report.path("distances"));
            counts(out, "tenants affected", report.path("affected_tenants"));
            int shown = 0;
            for (JsonNode pair : report.path("pairs")) {
                if (shown++ == pairs) {
                    break;
                }
                out.printf(
                        "  request %s, served by %s%n",
                        pair.path("request_id").asString(),
                        pair.path("served_by").asString());
                for (JsonNode difference : pair.path("differences")) {
                    out.printf(
                            "    %s: %s → %s%n",
                            difference.path("path").asString(),
                            difference.path("served").asString(),
                            difference.path("shadow").asString());
                }
            }
        }

        private static void counts(PrintWriter out, String title, JsonNode counts) {
            StringBuilder line = new StringBuilder();
            counts.properties().forEach(entry -> {
                if (entry.getValue().asLong() > 0) {
                    line.append(line.isEmpty() ? "" : ", ")
                            .append(entry.getKey())
                            .append(" ")
                            .append(entry.getValue().asString())
                            .append("×");
                }
            });
            if (!line.isEmpty()) {
                out.printf("  %s: %s%n", title, line);
            }
        }
    }
}
