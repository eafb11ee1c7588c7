package dev.patchbay.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
import tools.jackson.databind.node.ObjectNode;

/// Shows experiments while they run, and decides about them.
@Command(
        name = "rollout",
        description = "Show experiments while they run, and decide about them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RolloutCommand.Status.class,
            RolloutCommand.Promote.class,
            RolloutCommand.Pause.class,
            RolloutCommand.Resume.class,
            RolloutCommand.Abort.class,
            RolloutCommand.Acknowledge.class
        })
final class RolloutCommand implements Runnable {

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "rollout needs one of: status, promote, pause, resume, abort, acknowledge");
    }

    private static String path(@Nullable String task) {
        return "/admin/v1/rollout" + (task == null ? "" : "/" + URLEncoder.encode(task, StandardCharsets.UTF_8));
    }

    /// What the commands have in common.
    abstract static class Part implements Callable<Integer> {

        @ParentCommand
        private @Nullable RolloutCommand rollout;

        @Spec
        private @Nullable CommandSpec spec;

        Patchbay patchbay() {
            return Objects.requireNonNull(Objects.requireNonNull(rollout).patchbay);
        }

        PrintWriter out() {
            return Objects.requireNonNull(spec).commandLine().getOut();
        }
    }

    /// Shows where experiments stand.
    @Command(name = "status", description = "Show where experiments stand.", mixinStandardHelpOptions = true)
    static final class Status extends Part {

        @Parameters(arity = "0..1", paramLabel = "TASK", description = "One task only.")
        private @Nullable String task;

        @Option(
                names = {"-w", "--watch"},
                description = "Again every two seconds; ends with Ctrl-C.")
        private boolean watch;

        @Override
        public Integer call() throws InterruptedException {
            while (true) {
                JsonNode answer = patchbay().client().get(path(task));
                if (patchbay().json) {
                    out().println(answer.toPrettyString());
                } else if (answer.path("rollouts").isEmpty()) {
                    out().println("No experiment has a share"
                            + (task == null ? "" : " of task '" + task + "'")
                            + ". One begins with rollout or steps under inference.TASK.experiments.");
                } else {
                    answer.path("rollouts").forEach(status -> show(out(), status));
                }
                out().flush();
                if (!watch) {
                    return ExitCode.DONE;
                }
                Thread.sleep(2_000);
            }
        }
    }

    /// What changes an experiment, with a reason for the history.
    abstract static class Decision extends Part {

        @Parameters(paramLabel = "TASK", description = "The task.")
        private String task = "";

        @Option(names = "--experiment", paramLabel = "NAME", description = "Needed if the task has several.")
        private @Nullable String experiment;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "Why; it is kept in the history.")
        private String reason = "";

        abstract String action();

        void more(ObjectNode order) {}

        @Override
        public Integer call() {
            ObjectNode order = Client.JSON.createObjectNode();
            order.put("author", System.getProperty("user.name", "cli")).put("reason", reason);
            if (experiment != null) {
                order.put("experiment", experiment);
            }
            more(order);
            JsonNode answer = patchbay().client().post(path(task) + "/" + action(), order);
            if (patchbay().json) {
                out().println(answer.toPrettyString());
            } else {
                show(out(), answer);
            }
            out().flush();
            return ExitCode.DONE;
        }
    }

    /// Gives an experiment its next share.
    @Command(
            name = "promote",
            description = "Give an experiment its next step, or a share of your own.",
            mixinStandardHelpOptions = true)
    static final class Promote extends Decision {

        @Option(names = "--to", paramLabel = "PERCENT", description = "The share (default: the next step).")
        private @Nullable BigDecimal to;

        @Override
        String action() {
            return "promote";
        }

        @Override
        void more(ObjectNode order) {
            if (to != null) {
                order.put("to", to);
            }
        }
    }

    /// Lets an experiment stay where it is.
    @Command(name = "pause", description = "Take no further step by itself.", mixinStandardHelpOptions = true)
    static final class Pause extends Decision {
        @Override
        String action() {
            return "pause";
        }
    }

    /// Lets an experiment go on.
    @Command(name = "resume", description = "Take steps by itself again.", mixinStandardHelpOptions = true)
    static final class Resume extends Decision {
        @Override
        String action() {
            return "resume";
        }
    }

    /// Takes an experiment's calls away.
    @Command(
            name = "abort",
            description = "Take the version's calls away, at once, until somebody acknowledges it.",
            mixinStandardHelpOptions = true)
    static final class Abort extends Decision {
        @Override
        String action() {
            return "abort";
        }
    }

    /// Lifts a halt.
    @Command(
            name = "acknowledge",
            description = "Lift a halt: what the file says holds again.",
            mixinStandardHelpOptions = true)
    static final class Acknowledge extends Decision {
        @Override
        String action() {
            return "acknowledge";
        }
    }

    private static void show(PrintWriter out, JsonNode status) {
        StringBuilder head = new StringBuilder("%s  %s → %s   %s   set %s %%"
                .formatted(
                        status.path("task").asString(),
                        status.path("experiment").asString(),
                        status.path("version").asString(),
                        status.path("state").asString(),
                        status.path("percent").asString()));
        if (status.path("actual_percent").isNumber()) {
            head.append(
                    "   actual %.1f %%".formatted(status.path("actual_percent").asDouble()));
        }
        if (status.path("next_percent").isNumber()) {
            head.append("   next ")
                    .append(status.path("next_percent").asString())
                    .append(" %");
            if (status.path("next_at").isString()) {
                Duration left = Duration.between(
                        Instant.now(), Instant.parse(status.path("next_at").stringValue()));
                head.append(left.isNegative() ? " when it has passed" : " in " + words(left) + " at the earliest");
            }
        }
        out.println(head);
        JsonNode decision = status.path("decision");
        if (decision.path("halted").asBoolean(false) || decision.path("paused").asBoolean(false)) {
            out.printf(
                    "%s by %s at %s: %s%n",
                    decision.path("halted").asBoolean() ? "✖ halted" : "◌ paused",
                    decision.path("author").asString(),
                    decision.path("time").asString().replaceAll("\\.\\d+Z", "Z"),
                    decision.path("reason").asString());
            if (decision.path("halted").asBoolean()) {
                out.printf(
                        "  gets no calls until: patchbay rollout acknowledge %s --experiment %s --reason …%n",
                        status.path("task").asString(),
                        status.path("experiment").asString());
            }
        }
        Table table = new Table("VERSION", "CALLS", "FAILED", "REFUSED", "TYPICAL");
        side(table, status.path("control").asString("no default"), status.path("control_side"));
        side(table, status.path("version").asString(), status.path("canary"));
        table.print(out);
        out.printf(
                "guard (%s)  %s%n",
                status.path("guard").asString(), sign(status.path("verdict").asString()));
        for (JsonNode finding : status.path("findings")) {
            if (finding.path("judged").asBoolean()) {
                out.printf(
                        "  %-14s %s  %s%n",
                        finding.path("metric").asString(),
                        sign(finding.path("verdict").asString()),
                        finding.path("words").asString());
            }
        }
        out.println();
    }

    private static void side(Table table, String name, JsonNode side) {
        long calls = side.path("calls").asLong();
        table.row(
                name,
                String.valueOf(calls),
                calls == 0
                        ? "–"
                        : "%.2f %% (%.2f to %.2f)"
                                .formatted(
                                        100 * side.path("error_rate").asDouble(),
                                        100 * side.path("error_rate_low").asDouble(),
                                        100 * side.path("error_rate_high").asDouble()),
                side.path("refused").asString("0"),
                side.path("typical_us").isNumber() ? UsageCommand.millis(side.path("typical_us")) : "–");
    }

    private static String sign(String verdict) {
        return switch (verdict) {
            case "pass" -> "✔ pass";
            case "fail" -> "✖ fail";
            case "hold" -> "! hold";
            default -> "◌ " + verdict;
        };
    }

    private static String words(Duration duration) {
        return duration.toHours() > 0
                ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
                : duration.toMinutes() > 0
                        ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
                        : duration.toSeconds() + " s";
    }
}
