package dev.patchbay.bench.compare;

import dev.patchbay.bench.load.LoadPlan;
import dev.patchbay.bench.load.Pace;
import dev.patchbay.bench.load.ServerProcess;
import dev.patchbay.bench.peer.FraudRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The same model as three tasks of one gateway: plain, plain once more, and with a shadow of every call that never
/// answers. They are asked in turns, in short slices, at a rate that leaves the machine room; what the second is
/// apart from the first is what chance does.
@Command(
        name = "shadow",
        mixinStandardHelpOptions = true,
        description =
                "What callers pay for a shadow that hangs: three tasks of one gateway in turns, of which the second"
                        + " is the same as the first, and the third has the shadow.")
final class ShadowCommand implements Callable<Integer> {
    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));
    private static final List<String> TASKS = List.of("plain", "again", "shadowed");
    private static final String MODULE = """
            onnx:
              model: model.onnx
              input: {x: /features}
              output: {prob: /prob}
            """;

    @Option(names = "--models", description = "The folder of fraud-v1.onnx (default: bench/models).")
    private Path models = HOME.resolve("models");

    @Option(names = "--rate", defaultValue = "300", description = "Calls a second, sent whether or not answers come.")
    private double rate;

    @Option(names = "--connections", defaultValue = "8")
    private int connections;

    @Option(names = "--rounds", defaultValue = "24")
    private int rounds;

    @Option(names = "--millis", defaultValue = "500", description = "Of a slice; a round has one for each task.")
    private long millis;

    @Option(names = "--warmup", defaultValue = "3", description = "Seconds of saturating load on each task before.")
    private double warmup;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ShadowCommand()).execute(args));
    }

    /// What all slices of one task saw.
    private static final class Seen {
        private final Histogram latencies = new Histogram(3);
        private final List<Double> p50 = new ArrayList<>();
        private final List<Double> p99 = new ArrayList<>();
        private final List<Double> cpu = new ArrayList<>();
        private long failures;

        void add(Slice slice) {
            latencies.add(slice.report().latencies());
            p50.add(slice.turn().p50());
            p99.add(slice.turn().p99());
            cpu.add(slice.turn().cpuMicrosPerCall());
            failures += slice.turn().failures();
        }

        double pooled(double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e3;
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("patchbay-shadow-");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        int port = ServerProcess.freePort();
        // connections are taken by the system and never answered
        try (ServerSocket silence = new ServerSocket(0, 64, loopback);
                ServerProcess server = ServerProcess.start(
                        "patchbay",
                        folder(port, work.resolve("folder"), silence.getLocalPort()),
                        target(port, "shadowed"),
                        FraudRequest.example(),
                        work)) {
            for (String task : TASKS) {
                run(server, port, task, new Pace.Closed(), Duration.ofMillis((long) (warmup * 1_000)));
            }
            Map<String, Seen> seen = new LinkedHashMap<>();
            TASKS.forEach(task -> seen.put(task, new Seen()));
            long before = server.usage().rssKilobytes();
            List<String> order = new ArrayList<>(TASKS);
            for (int round = 0; round < rounds; round++) {
                for (String task : order) {
                    seen.getOrDefault(task, new Seen())
                            .add(run(server, port, task, new Pace.Open(rate), Duration.ofMillis(millis)));
                }
                Collections.rotate(order, 1);
            }
            long after = server.usage().rssKilobytes();
            System.out.println(table(seen));
            System.out.printf("memory of the process: %d MB before, %d MB after%n", before / 1024, after / 1024);
            return seen.values().stream().mapToLong(task -> task.failures).sum() == 0 ? 0 : 1;
        }
    }

    private Slice run(ServerProcess server, int port, String task, Pace pace, Duration duration) {
        return Slice.of(
                server, LoadPlan.of(target(port, task), FraudRequest.example()).over(connections, pace, duration));
    }

    private static URI target(int port, String task) {
        return URI.create("http://127.0.0.1:" + port + "/v1/inference/" + task);
    }

    private List<String> folder(int port, Path folder, int silence) throws IOException {
        Path model = models.resolve("fraud-v1.onnx").toAbsolutePath();
        List<String> command = new Commands(HOME, "512m").patchbay(port, folder, "plain", model, MODULE, "{}");
        StringBuilder config = new StringBuilder("inference:\n");
        for (String task : TASKS) {
            Path artifact = Files.createDirectories(folder.resolve("modules/" + task + "-1.0.0"));
            Files.write(artifact.resolve("model.onnx"), Files.readAllBytes(model));
            Files.writeString(
                    artifact.resolve("module.yaml"), "task: " + task + "\nversion: 1.0.0\nowner: bench\n" + MODULE);
            config.append("  %s:\n    default_version: \"1.0.0\"\n".formatted(task));
        }
        HungShadow.write(folder.resolve("modules"), "shadowed", silence);
        config.append("    shadow: [{version: \"%s\"}]\n".formatted(HungShadow.VERSION));
        Files.writeString(folder.resolve("patchbay.yaml"), config);
        return command;
    }

    /// As Markdown: medians of the slices, and quantiles of all calls together, each also against the first task.
    private static String table(Map<String, Seen> seen) {
        Seen plain = seen.getOrDefault("plain", new Seen());
        StringBuilder text = new StringBuilder("""
                | task | calls | CPU per call | p50, median of slices | p99, median of slices | p50 of all | p95 of all | p99 of all |
                |---|---|---|---|---|---|---|---|
                """);
        seen.forEach((name, own) -> text.append("| %s | %d | %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                        name,
                        own.latencies.getTotalCount(),
                        against(median(own.cpu), median(plain.cpu)),
                        against(median(own.p50), median(plain.p50)),
                        against(median(own.p99), median(plain.p99)),
                        against(own.pooled(50), plain.pooled(50)),
                        against(own.pooled(95), plain.pooled(95)),
                        against(own.pooled(99), plain.pooled(99)))));
        return text.toString();
    }

    private static String against(double own, double plain) {
        return "%.0f µs (× %.2f)".formatted(own, own / plain);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }
}
