package dev.patchbay.bench.overload;

import dev.patchbay.bench.load.LoadPlan;
import dev.patchbay.bench.load.LoadReport;
import dev.patchbay.bench.load.LoadRun;
import dev.patchbay.bench.load.Pace;
import dev.patchbay.bench.load.ServerProcess;
import dev.patchbay.bench.peer.FraudRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A slow task and a quick one in one gateway. In each round the quick one is measured beside the slow one at what
/// that can answer, then beside the slow one at ten times as much.
@Command(
        name = "overload",
        mixinStandardHelpOptions = true,
        description = "Gives one task ten times the calls it can answer, and measures another one meanwhile.")
final class OverloadCommand implements Callable<Integer> {
    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));
    private static final String QUICK = FraudRequest.numbers("features", 30);
    private static final String SLOW = FraudRequest.numbers("features", 256);

    @Option(names = "--models", description = "The folder of the model files (default: bench/models).")
    private Path models = HOME.resolve("models");

    @Option(names = "--rounds", defaultValue = "3")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "8", description = "Of each half of a round.")
    private double seconds;

    @Option(names = "--rate", defaultValue = "200", description = "Calls of the quick task per second.")
    private double rate;

    /// What one half of a round saw.
    private record Half(LoadReport quick, LoadReport slow) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new OverloadCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("patchbay-overload-");
        Path folder = serveFolder(work);
        int port = ServerProcess.freePort();
        LoadPlan quick = LoadPlan.of(target(port, "quick"), QUICK);
        LoadPlan slow = LoadPlan.of(target(port, "slow"), SLOW);
        List<String> command = List.of(
                HOME.resolve("../patchbay").toString(),
                "serve",
                folder.toString(),
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(ServerProcess.freePort()));
        System.err.println("starting the gateway; its log is in " + work);
        try (ServerProcess server = ServerProcess.start("patchbay", command, quick.target(), QUICK, work)) {
            System.err.println("warming up");
            beside(quick, slow.over(1, new Pace.Closed(), Duration.ofSeconds(8)), 8);
            double capacity = LoadRun.start(slow.over(1, new Pace.Closed(), Duration.ofSeconds(4)))
                    .await()
                    .perSecond();
            LoadPlan within = slow.over(1, new Pace.Closed(), length());
            LoadPlan beyond = slow.over(8, new Pace.Open(10 * capacity), length());
            System.out.printf("the slow task answers %.1f calls per second%n", capacity);
            System.out.printf(
                    "%5s %28s %28s %10s %8s%n",
                    "round", "quick p50/p99/max ms, within", "quick p50/p99/max ms, beyond", "shed", "lost");
            List<Double> ratios = new ArrayList<>();
            long lost = 0;
            for (int round = 1; round <= rounds; round++) {
                Half calm = beside(quick, within, seconds);
                Half busy = beside(quick, beyond, seconds);
                long shed = busy.slow().statuses().getOrDefault(503, 0L)
                        + busy.slow().statuses().getOrDefault(429, 0L);
                long failed = busy.quick().failures() + calm.quick().failures();
                lost += failed;
                ratios.add(busy.quick().p99() / calm.quick().p99());
                System.out.printf(
                        "%5d %28s %28s %5d/%-5d %7d%n",
                        round,
                        millis(calm.quick()),
                        millis(busy.quick()),
                        shed,
                        busy.slow().answers(),
                        failed);
            }
            ratios.sort(null);
            System.out.printf(
                    "p99 of the quick task beside an overloaded one: %.2f times (median of %d rounds)%n",
                    ratios.get(ratios.size() / 2), rounds);
            return lost == 0 && server.isAlive() ? 0 : 1;
        }
    }

    private Duration length() {
        return Duration.ofMillis((long) (seconds * 1000));
    }

    private Half beside(LoadPlan quick, LoadPlan slow, double length) {
        LoadRun slowRun = LoadRun.start(slow);
        LoadReport report = LoadRun.start(quick.over(4, new Pace.Open(rate), Duration.ofMillis((long) (length * 1000))))
                .await();
        return new Half(report, slowRun.stop());
    }

    private static String millis(LoadReport report) {
        return "%.1f / %.1f / %.1f".formatted(report.p50() / 1e3, report.p99() / 1e3, report.max() / 1e3);
    }

    private static URI target(int port, String task) {
        return URI.create("http://127.0.0.1:" + port + "/v1/inference/" + task);
    }

    private Path serveFolder(Path work) throws IOException {
        Path folder = work.resolve("serve");
        module(folder, "quick", "fraud-v1.onnx", "prob");
        module(folder, "slow", "heavy-cnn.onnx", "probs");
        Files.writeString(folder.resolve("patchbay.yaml"), """
                inference:
                  quick: {default_version: "1.0.0"}
                  slow: {default_version: "1.0.0", limits: {concurrency: 1, queue: 4}}
                """);
        return folder;
    }

    private void module(Path folder, String task, String model, String output) throws IOException {
        Path module = Files.createDirectories(folder.resolve("modules").resolve(task + "-1.0.0"));
        Files.copy(models.resolve(model), module.resolve("model.onnx"));
        Files.writeString(module.resolve("module.yaml"), """
                task: %s
                version: 1.0.0
                owner: bench
                onnx:
                  model: model.onnx
                  input: {x: /features}
                  output: {%s: /%s}
                """.formatted(task, output, output));
    }
}
