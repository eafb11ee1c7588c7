package dev.patchbay.bench.compare;

import dev.patchbay.bench.load.LoadPlan;
import dev.patchbay.bench.load.LoadReport;
import dev.patchbay.bench.load.LoadRun;
import dev.patchbay.bench.load.Pace;
import dev.patchbay.bench.load.ServerProcess;
import dev.patchbay.bench.load.ServerUsage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Servers that are sent the same call, in turns.
final class Contest implements AutoCloseable {

    private final Path work;
    private final String task;
    private final String body;
    private final Map<ServerProcess, URI> servers = new LinkedHashMap<>();

    /// @param work where the servers' output goes
    Contest(Path work, String task, String body) {
        this.work = work;
        this.task = task;
        this.body = body;
    }

    interface Start {
        List<String> command(int port) throws IOException;
    }

    /// Starts a server and waits until it answers.
    void enter(String name, Start start) throws IOException, InterruptedException {
        progress("starting " + name);
        int port = ServerProcess.freePort();
        URI target = URI.create("http://127.0.0.1:" + port + "/v1/inference/" + task);
        servers.put(ServerProcess.start(name, start.command(port), target, body, work), target);
    }

    void warmUp(int connections, double seconds) {
        servers.forEach((server, target) -> {
            progress("warming up " + server.name());
            run(target, connections, seconds);
        });
    }

    /// Gives each server a turn in every round.
    Map<String, List<Turn>> rounds(int rounds, int connections, double seconds) {
        Map<String, List<Turn>> turns = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<ServerProcess, URI> entry : servers.entrySet()) {
                ServerProcess server = entry.getKey();
                ServerUsage before = server.usage();
                LoadReport report = run(entry.getValue(), connections, seconds);
                ServerUsage after = server.usage();
                double cpu = (after.cpuSeconds() - before.cpuSeconds()) * 1e6 / Math.max(1, report.answers());
                Turn turn = new Turn(
                        cpu,
                        report.perSecond(),
                        report.p50(),
                        report.p99(),
                        report.failures(),
                        after.rssKilobytes() / 1024);
                progress("round %d of %d: %s: %s".formatted(round, rounds, server.name(), turn));
                turns.computeIfAbsent(server.name(), name -> new ArrayList<>()).add(turn);
            }
        }
        return turns;
    }

    private LoadReport run(URI target, int connections, double seconds) {
        LoadPlan plan = LoadPlan.of(target, body)
                .over(connections, new Pace.Closed(), Duration.ofMillis((long) (seconds * 1000)));
        return LoadRun.start(plan).await();
    }

    private static void progress(String what) {
        System.err.println(what);
    }

    @Override
    public void close() {
        servers.keySet().forEach(ServerProcess::close);
    }
}
