package dev.patchbay.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
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

/// Shows what happened, in words.
@Command(
        name = "events",
        description = "Show what happened that somebody may want to know, the oldest first.",
        mixinStandardHelpOptions = true)
final class EventsCommand implements Callable<Integer> {

    private static final List<String> LEVELS = List.of("info", "warn", "alarm");

    @Parameters(arity = "0..1", paramLabel = "TASK", description = "One task only.")
    private @Nullable String task;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "What matters as much or more: info, warn, alarm (default: ${DEFAULT-VALUE}).")
    private String level = "info";

    @Option(names = "--since", paramLabel = "N", description = "Events after this number.")
    private long since;

    @Option(names = "--follow", description = "Go on with what happens from now on; ends with Ctrl-C.")
    private boolean follow;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        int least = LEVELS.indexOf(level.toLowerCase(Locale.ROOT));
        if (least < 0) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--level is one of %s, but is %s".formatted(String.join(", ", LEVELS), level));
        }
        Client client = parent.client();
        boolean any = false;
        while (true) {
            for (JsonNode event : client.get("/admin/v1/events?since=" + since).path("events")) {
                since = event.path("number").asLong();
                if (LEVELS.indexOf(event.path("level").asString()) >= least
                        && (task == null || task.equals(event.path("task").asString()))) {
                    print(out, event, parent.json);
                    any = true;
                }
            }
            out.flush();
            if (!follow) {
                if (!any && !parent.json) {
                    out.println("nothing happened" + (task == null ? "" : " to " + task));
                }
                return ExitCode.DONE;
            }
            Thread.sleep(1_000);
        }
    }

    private static void print(PrintWriter out, JsonNode event, boolean json) {
        if (json) {
            out.println(event);
            return;
        }
        String mark = switch (event.path("level").asString()) {
            case "alarm" -> "✖";
            case "warn" -> "◌";
            default -> "·";
        };
        out.printf(
                "%s %s %-18s %s%n",
                event.path("time").asString().replaceAll("\\.\\d+Z", "Z"),
                mark,
                event.path("kind").asString(),
                event.path("message").asString());
    }
}
