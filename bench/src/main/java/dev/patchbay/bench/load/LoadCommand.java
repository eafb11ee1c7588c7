package dev.patchbay.bench.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "load", mixinStandardHelpOptions = true, description = "Posts JSON to a server and measures it.")
final class LoadCommand implements Callable<Integer> {
    record ServerCost(double cpuMicrosPerCall, long rssKilobytesBefore, long rssKilobytesAfter) {}

    record Output(LoadReport report, @Nullable ServerCost server) {}

    @Parameters(description = "http://host:port/path")
    @SuppressWarnings("NullAway.Init")
    private URI target;

    @Option(names = "--body", required = true, description = "A file, such as JSON; several are sent in turn.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> bodies;

    @Option(names = "--header", description = "Name=value, may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--connections", defaultValue = "16")
    private int connections;

    @Option(names = "--rate", description = "Calls per second (open loop); without it every connection sends at once.")
    private @Nullable Double rate;

    @Option(names = "--seconds", defaultValue = "10")
    private double seconds;

    @Option(names = "--calls", description = "End after that many calls.")
    private long calls = Long.MAX_VALUE;

    @Option(names = "--warmup", defaultValue = "0", description = "Seconds of load before measuring.")
    private double warmup;

    @Option(names = "--timeout", defaultValue = "30", description = "Seconds after which a call has failed.")
    private double timeout;

    @Option(names = "--count-header", description = "Count the values of this answer header.")
    private @Nullable String countedHeader;

    @Option(names = "--pid", description = "The server's process: its CPU and memory are reported.")
    private @Nullable Long pid;

    @Option(names = "--timeline", description = "Show the worst latency of every 100 ms.")
    private boolean timeline;

    @Option(names = "--json")
    private boolean json;

    public static void main(String[] args) {
        System.exit(new CommandLine(new LoadCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (warmup > 0) {
            LoadRun.start(plan(warmup, Long.MAX_VALUE)).await();
        }
        ServerUsage before = usage();
        LoadReport report = LoadRun.start(plan(seconds, calls)).await();
        ServerUsage after = usage();
        print(new Output(report, before == null || after == null ? null : cost(report, before, after)));
        return report.failures() == 0 ? 0 : 1;
    }

    private LoadPlan plan(double forSeconds, long upTo) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (Path body : bodies) {
            contents.add(Files.readAllBytes(body));
        }
        return new LoadPlan(
                target,
                contents,
                headers,
                connections,
                rate == null ? new Pace.Closed() : new Pace.Open(rate),
                nanos(forSeconds),
                upTo,
                nanos(timeout),
                countedHeader,
                AnswerCheck.NONE);
    }

    private static ServerCost cost(LoadReport report, ServerUsage before, ServerUsage after) {
        double cpu = (after.cpuSeconds() - before.cpuSeconds()) * 1e6;
        return new ServerCost(cpu / Math.max(1, report.answers()), before.rssKilobytes(), after.rssKilobytes());
    }

    private @Nullable ServerUsage usage() {
        return pid == null ? null : ServerUsage.of(pid);
    }

    private void print(Output output) {
        if (json) {
            System.out.println(JsonMapper.shared().writeValueAsString(output));
            return;
        }
        System.out.print(output.report().table());
        ServerCost server = output.server();
        if (server != null) {
            System.out.printf(
                    "server   %.1f µs CPU per call, RSS %d -> %d MB%n",
                    server.cpuMicrosPerCall(), server.rssKilobytesBefore() / 1024, server.rssKilobytesAfter() / 1024);
        }
        if (timeline) {
            System.out.print(output.report().timeline());
        }
    }

    private static Duration nanos(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
