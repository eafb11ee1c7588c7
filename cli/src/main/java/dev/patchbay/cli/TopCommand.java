package dev.patchbay.cli;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
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

/// Shows the traffic of all versions, again and again.
@Command(
        name = "top",
        description = "Show live traffic by task and version; ends with Ctrl-C.",
        mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {

    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Parameters(arity = "0..1", paramLabel = "TASK", description = "One task only.")
    private @Nullable String task;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description = "Time between two looks (default: ${DEFAULT-VALUE}).")
    private int every = 2;

    @Option(
            names = "--times",
            paramLabel = "N",
            description = "End after N looks; 0 goes on (default: ${DEFAULT-VALUE}).")
    private int times;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (every < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--every is a number of seconds from 1, but is " + every);
        }
        if (parent.json) {
            out.println(UsageCommand.of(parent.client(), task).toPrettyString());
            return ExitCode.DONE;
        }
        Map<String, Long> before = new HashMap<>();
        Client client = parent.client();
        for (int look = 1; ; look++) {
            JsonNode usage = UsageCommand.of(client, task);
            if (System.console() != null && times != 1) {
                out.print(CLEAR);
            }
            table(usage, before).print(out);
            usage.path("answers")
                    .forEach(answer -> out.println(answer.path("task").asString() + ": "
                            + answer.path("says").asString()));
            out.flush();
            if (look == times) {
                return ExitCode.DONE;
            }
            Thread.sleep(every * 1_000L);
        }
    }

    private Table table(JsonNode usage, Map<String, Long> before) {
        Table table = new Table(
                "TASK", "VERSION", "CALLS/S", "FAILED", "TIMEOUTS", "P50", "P95", "P99", "MODEL P95", "QUEUE P95");
        for (JsonNode version : usage.path("versions")) {
            JsonNode minute = version.path("minute");
            String key = version.path("task").asString() + "@"
                    + version.path("version").asString();
            long calls = version.path("calls").asLong();
            Long last = before.put(key, calls);
            boolean used = minute.path("total").path("count").asLong(0) > 0;
            table.row(
                    version.path("task").asString(),
                    version.path("version").asString()
                            + (version.path("is_default").asBoolean() ? " (default)" : ""),
                    last == null
                            ? "%.1f".formatted(minute.path("calls").asLong(0) / 60.0)
                            : "%.1f".formatted((calls - last) / (double) every),
                    UsageCommand.share(minute, "failed"),
                    UsageCommand.share(minute, "timeouts"),
                    used ? UsageCommand.millis(minute.path("total").path("p50_us")) : "–",
                    used ? UsageCommand.millis(minute.path("total").path("p95_us")) : "–",
                    used ? UsageCommand.millis(minute.path("total").path("p99_us")) : "–",
                    stage(minute, "model"),
                    stage(minute, "queue"));
        }
        return table;
    }

    private static String stage(JsonNode minute, String stage) {
        JsonNode quantiles = minute.path("stages").path(stage);
        return quantiles.path("count").asLong(0) > 0 ? UsageCommand.millis(quantiles.path("p95_us")) : "–";
    }
}
