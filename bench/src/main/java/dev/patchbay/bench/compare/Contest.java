package dev.patchbay.bench.compare;

import dev.patchbay.bench.load.LoadPlan;
import dev.patchbay.bench.load.Pace;
import dev.patchbay.bench.load.ServerProcess;
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

    private static final double WARM_UP_TURN = 2;
    /// Of a core, for a turn.
    private static final double COMPILER_RESTS = 0.03;

    private final Path work;
    private final String task;
    private final String body;
    private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
    private final List<Lane> lanes = new ArrayList<>();

    /// One way to ask a server.
    private record Lane(String name, ServerProcess server, LoadPlan plan) {}

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
        ServerProcess server = ServerProcess.start(name, start.command(port), target, body, work);
        servers.put(name, server);
        lanes.add(new Lane(name, server, LoadPlan.of(target, body)));
    }

    /// Lets a server that takes part be asked in another form as well, in turns of its own.
    ///
    /// @param asked the lane whose server it is
    /// @param path where the form is asked
    void alsoAsk(String name, String asked, String path, byte[] bytes, Map<String, String> headers) {
        Lane own = lanes.stream()
                .filter(lane -> lane.name().equals(asked))
                .findFirst()
                .orElseThrow();
        lanes.add(new Lane(name, own.server(), LoadPlan.of(own.plan().target().resolve(path), bytes, headers)));
    }

    /// Loads each server until its compiler rests: before, most of what a call costs may be compiling.
    ///
    /// @param atMost seconds for each way of asking
    void warmUp(int connections, double atMost) {
        for (Lane lane : lanes) {
            double compiled = 1;
            double warmed = 0;
            while (warmed < atMost && compiled > COMPILER_RESTS) {
                double turn = Math.min(WARM_UP_TURN, atMost - warmed);
                double before = lane.server().compilerSeconds();
                run(lane, connections, turn);
                compiled = (lane.server().compilerSeconds() - before) / turn;
                warmed += turn;
            }
            progress("warmed up %s for %.0f s; its compiler takes %.0f %% of a core"
                    .formatted(lane.name(), warmed, compiled * 100));
        }
    }

    /// Gives each server a turn in every round.
    Map<String, List<Turn>> rounds(int rounds, int connections, double seconds) {
        Map<String, List<Turn>> turns = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Lane lane : lanes) {
                Turn turn = run(lane, connections, seconds).turn();
                progress("round %d of %d: %s: %s".formatted(round, rounds, lane.name(), turn));
                turns.computeIfAbsent(lane.name(), name -> new ArrayList<>()).add(turn);
            }
        }
        return turns;
    }

    private static Slice run(Lane lane, int connections, double seconds) {
        return Slice.of(lane.server(), lane.plan().over(connections, new Pace.Closed(), Duration.ofMillis((long)
                (seconds * 1000))));
    }

    private static void progress(String what) {
        System.err.println(what);
    }

    @Override
    public void close() {
        servers.values().forEach(ServerProcess::close);
    }
}
