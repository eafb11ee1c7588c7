package dev.patchbay.bench.compare;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.bench.peer.FraudRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The same task again and again: as it is; with a guarded canary; with traces and metrics sent to a collector, by
/// default and with every call traced; with both; with a shadow of every call that never answers. And without batches,
/// as it is and with the canary: what is lost when two versions are not answered together is no cost of watching.
@Command(
        name = "observing",
        mixinStandardHelpOptions = true,
        description = "What it costs to watch a rollout: a canary with its guard, OpenTelemetry, both, and a shadow of"
                + " every call that hangs, each against none of it, in turns.")
final class ObservingCommand implements Callable<Integer> {
    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));
    private static final String TASK = "fraud";
    private static final String MODULE = """
            onnx:
              model: model.onnx
              input: {x: /features}
              output: {prob: /prob}
            """;
    private static final String APART = ", no batches";
    private static final String CANARY = """
            inference:
              fraud:
                default_version: "1.0.0"
                limits: %s
                experiments:
                  - {name: canary, rollout: 10, unit: request, version: "1.1.0", guard: {mode: observe}}
            """;
    private static final String SHADOW = """
            inference:
              fraud:
                default_version: "1.0.0"
                shadow: [{version: "1.1.0"}]
            """;

    @Option(names = "--models", description = "The folder of fraud-v1.onnx (default: bench/models).")
    private Path models = HOME.resolve("models");

    @Option(names = "--connections", defaultValue = "16")
    private int connections;

    @Option(names = "--rounds", defaultValue = "5")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "3", description = "Of each gateway's turn in a round.")
    private double seconds;

    @Option(names = "--only", split = ";", description = "Only these gateways, such as \"plain;canary\".")
    private List<String> only = List.of();

    @Option(
            names = "--warmup",
            defaultValue = "25",
            description = "Seconds of load before measuring, at most: it ends when the gateway's compiler rests.")
    private double warmup;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ObservingCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("patchbay-observing-");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        HttpServer collector = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        collector.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        // connections are taken by the system and never answered
        try (ServerSocket silence = new ServerSocket(0, 64, loopback);
                Contest contest = new Contest(work, TASK, FraudRequest.example())) {
            String otlp = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:"
                    + collector.getAddress().getPort();
            String all = "OTEL_TRACES_SAMPLER=always_on";
            Map<String, Contest.Start> gateways = new LinkedHashMap<>();
            gateways.put("plain", port -> gateway(port, work.resolve("plain"), "{}"));
            gateways.put("canary", port -> canary(port, work.resolve("canary"), "{}"));
            gateways.put("otlp", port -> with(otlp, gateway(port, work.resolve("otlp"), "{}")));
            gateways.put("otlp, all traced", port -> with(all, with(otlp, gateway(port, work.resolve("all"), "{}"))));
            gateways.put("canary and otlp", port -> with(otlp, canary(port, work.resolve("both"), "{}")));
            gateways.put("hung shadow", port -> {
                List<String> command = gateway(port, work.resolve("shadow"), "{}");
                shadow(work.resolve("shadow"), silence.getLocalPort());
                return command;
            });
            gateways.put("plain, no batches", port -> gateway(port, work.resolve("apart"), "{batch: 1}"));
            gateways.put("canary, no batches", port -> canary(port, work.resolve("canary-apart"), "{batch: 1}"));
            gateways.put(
                    "canary and otlp, no batches",
                    port -> with(otlp, canary(port, work.resolve("both-apart"), "{batch: 1}")));
            for (Map.Entry<String, Contest.Start> gateway : gateways.entrySet()) {
                if (only.isEmpty() || only.contains(gateway.getKey())) {
                    contest.enter(gateway.getKey(), gateway.getValue());
                }
            }
            contest.warmUp(connections, warmup);
            Map<String, List<Turn>> turns = contest.rounds(rounds, connections, seconds);
            System.out.println(table(turns));
            return turns.values().stream()
                                    .flatMap(List::stream)
                                    .mapToLong(Turn::failures)
                                    .sum()
                            == 0
                    ? 0
                    : 1;
        } finally {
            collector.stop(0);
        }
    }

    private List<String> gateway(int port, Path folder, String limits) throws IOException {
        return new Commands(HOME, "512m")
                .patchbay(port, folder, TASK, models.resolve("fraud-v1.onnx").toAbsolutePath(), MODULE, limits);
    }

    private static List<String> with(String variable, List<String> command) {
        List<String> with = new ArrayList<>(command);
        with.add(1, variable);
        return with;
    }

    private List<String> canary(int port, Path folder, String limits) throws IOException {
        List<String> command = gateway(port, folder, limits);
        Path canary = Files.createDirectories(folder.resolve("modules/fraud-1.1.0"));
        Path stable = folder.resolve("modules/fraud-1.0.0");
        Files.copy(stable.resolve("model.onnx"), canary.resolve("model.onnx"));
        Files.writeString(
                canary.resolve("module.yaml"),
                Files.readString(stable.resolve("module.yaml")).replace("1.0.0", "1.1.0"));
        Files.writeString(folder.resolve("patchbay.yaml"), CANARY.formatted(limits));
        return command;
    }

    private static void shadow(Path folder, int port) throws IOException {
        HungShadow.write(folder.resolve("modules"), TASK, port);
        Files.writeString(folder.resolve("patchbay.yaml"), SHADOW);
    }

    /// As Markdown.
    private static String table(Map<String, List<Turn>> turns) {
        StringBuilder text = new StringBuilder("""
                | gateway | CPU per call | against plain | calls/s | p50 | against plain | p99 | against plain | RSS |
                |---|---|---|---|---|---|---|---|---|
                """);
        turns.forEach((name, own) -> {
            List<Turn> plain = turns.getOrDefault(name.endsWith(APART) ? "plain" + APART : "plain", List.of());
            text.append("| %s | %.1f µs | %.2f | %.0f | %.0f µs | %.2f | %.0f µs | %.2f | %.0f MB |%n"
                    .formatted(
                            name,
                            Comparison.median(own, Turn::cpuMicrosPerCall),
                            Comparison.ratio(own, plain, Turn::cpuMicrosPerCall),
                            Comparison.median(own, Turn::perSecond),
                            Comparison.median(own, Turn::p50),
                            Comparison.ratio(own, plain, Turn::p50),
                            Comparison.median(own, Turn::p99),
                            Comparison.ratio(own, plain, Turn::p99),
                            Comparison.median(own, Turn::rssMegabytes)));
        });
        return text.toString();
    }
}
