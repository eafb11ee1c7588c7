package dev.patchbay.bench.compare;

import dev.patchbay.bench.load.LoadPlan;
import dev.patchbay.bench.load.LoadReport;
import dev.patchbay.bench.load.LoadRun;
import dev.patchbay.bench.load.Pace;
import dev.patchbay.bench.load.ServerProcess;
import dev.patchbay.bench.load.ServerUsage;
import dev.patchbay.bench.peer.FraudRequest;
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
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "CPU per call of the fraud model behind a bare server, Spring Boot and Patchbay, in turns.")
final class CompareCommand implements Callable<Integer> {
    private static final String JAVA = ProcessHandle.current().info().command().orElse("java");
    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));

    @Option(names = "--models", description = "The folder of fraud-v1.onnx (default: bench/models).")
    private Path models = HOME.resolve("models");

    @Option(names = "--connections", defaultValue = "16")
    private int connections;

    @Option(names = "--rounds", defaultValue = "5")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "6", description = "Of each server's turn in a round.")
    private double seconds;

    @Option(names = "--warmup", defaultValue = "20", description = "Seconds of load on each server before measuring.")
    private double warmup;

    @Option(names = "--heap", defaultValue = "512m", description = "The heap of every server.")
    private String heap = "512m";

    @Option(names = "--lane", description = "The lane of Patchbay's module, if not its own choice.")
    private @Nullable String lane;

    @Option(names = "--json")
    private boolean json;

    /// A server and the call it is sent.
    record Contestant(ServerProcess server, URI target) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new CompareCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("patchbay-compare-");
        String body = FraudRequest.example();
        List<Contestant> contestants = new ArrayList<>();
        try {
            contestants.add(start("bare", body, work, port -> bare(port, false)));
            contestants.add(start("bare+model", body, work, port -> bare(port, true)));
            contestants.add(start("spring", body, work, this::spring));
            contestants.add(start("patchbay", body, work, port -> patchbay(port, work)));
            for (Contestant contestant : contestants) {
                progress("warming up %s".formatted(contestant.server().name()));
                run(contestant, body, warmup);
            }
            Map<String, List<Turn>> turns = new LinkedHashMap<>();
            for (int round = 1; round <= rounds; round++) {
                for (Contestant contestant : contestants) {
                    Turn turn = turn(contestant, body);
                    progress("round %d of %d: %s".formatted(round, rounds, turn));
                    turns.computeIfAbsent(contestant.server().name(), name -> new ArrayList<>())
                            .add(turn);
                }
            }
            Comparison comparison = Comparison.of(turns);
            System.out.println(json ? JsonMapper.shared().writeValueAsString(comparison) : comparison.table());
            return comparison.failures() == 0 ? 0 : 1;
        } finally {
            contestants.forEach(contestant -> contestant.server().close());
        }
    }

    private interface Start {
        List<String> command(int port) throws IOException;
    }

    private static Contestant start(String name, String body, Path work, Start start)
            throws IOException, InterruptedException {
        progress("starting " + name);
        int port = ServerProcess.freePort();
        URI target = URI.create("http://127.0.0.1:" + port + "/v1/inference/fraud_score");
        return new Contestant(ServerProcess.start(name, start.command(port), target, body, work), target);
    }

    private List<String> bare(int port, boolean model) {
        List<String> command = new ArrayList<>(List.of(
                JAVA, "-Xmx" + heap, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("dev.patchbay.bench.peer.BareServer", "--port", Integer.toString(port)));
        if (model) {
            command.addAll(List.of("--model", fraud().toString()));
        }
        return command;
    }

    private List<String> spring(int port) {
        return List.of(
                JAVA,
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                HOME.resolve("spring-peer/target/spring-peer.jar").toString(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--model=" + fraud());
    }

    /// As a user would start it: the launcher, a folder with a model, the checks, metrics and ids that are always on.
    private List<String> patchbay(int port, Path work) throws IOException {
        Path module = Files.createDirectories(work.resolve("serve/modules/fraud_score-1.0.0"));
        Files.copy(fraud(), module.resolve("fraud.onnx"));
        Files.writeString(module.resolve("module.yaml"), """
                task: fraud_score
                version: 1.0.0
                owner: bench
                %sonnx:
                  model: fraud.onnx
                  input: {x: /features}
                  output: {prob: /prob}
                """.formatted(lane == null ? "" : "lane: " + lane + "\n"));
        Files.writeString(work.resolve("serve/patchbay.yaml"), """
                inference:
                  fraud_score:
                    default_version: "1.0.0"
                """);
        return List.of(
                "env",
                "PATCHBAY_JAVA_OPTIONS=-Xmx" + heap,
                HOME.resolve("../patchbay").toString(),
                "serve",
                work.resolve("serve").toString(),
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(ServerProcess.freePort()));
    }

    private Path fraud() {
        return models.resolve("fraud-v1.onnx").toAbsolutePath();
    }

    private Turn turn(Contestant contestant, String body) {
        ServerUsage before = contestant.server().usage();
        LoadReport report = run(contestant, body, seconds);
        ServerUsage after = contestant.server().usage();
        double cpu = (after.cpuSeconds() - before.cpuSeconds()) * 1e6 / Math.max(1, report.answers());
        return new Turn(
                cpu, report.perSecond(), report.p50(), report.p99(), report.failures(), after.rssKilobytes() / 1024);
    }

    private LoadReport run(Contestant contestant, String body, double forSeconds) {
        LoadPlan plan = LoadPlan.of(contestant.target(), body)
                .over(connections, new Pace.Closed(), Duration.ofMillis((long) (forSeconds * 1000)));
        return LoadRun.start(plan).await();
    }

    private static void progress(String what) {
        System.err.println(what);
    }
}
