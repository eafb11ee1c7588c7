package dev.patchbay.bench.compare;

import dev.patchbay.bench.peer.FraudRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));
    private static final String TASK = "fraud_score";

    @Option(names = "--models", description = "The folder of fraud-v1.onnx (default: bench/models).")
    private Path models = HOME.resolve("models");

    @Option(names = "--connections", defaultValue = "16")
    private int connections;

    @Option(names = "--rounds", defaultValue = "5")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "6", description = "Of each server's turn in a round.")
    private double seconds;

    @Option(
            names = "--warmup",
            defaultValue = "30",
            description = "Seconds of load before measuring, at most: it ends when the server's compiler rests.")
    private double warmup;

    @Option(names = "--heap", defaultValue = "512m", description = "The heap of every server.")
    private String heap = "512m";

    @Option(names = "--lane", description = "The lane of Patchbay's module, if not its own choice.")
    private @Nullable String lane;

    @Option(names = "--json")
    private boolean json;

    public static void main(String[] args) {
        System.exit(new CommandLine(new CompareCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("patchbay-compare-");
        Path fraud = models.resolve("fraud-v1.onnx").toAbsolutePath();
        Commands commands = new Commands(HOME, heap);
        String module = """
                %sonnx:
                  model: model.onnx
                  input: {x: /features}
                  output: {prob: /prob}
                """.formatted(lane == null ? "" : "lane: " + lane + "\n");
        try (Contest contest = new Contest(work, TASK, FraudRequest.example())) {
            contest.enter("bare", port -> commands.bare(port, null));
            contest.enter("bare+model", port -> commands.bare(port, fraud));
            contest.enter("spring", port -> commands.spring(port, fraud));
            contest.enter(
                    "patchbay", port -> commands.patchbay(port, work.resolve("serve"), TASK, fraud, module, "{}"));
            contest.warmUp(connections, warmup);
            Comparison comparison = Comparison.of(contest.rounds(rounds, connections, seconds));
            System.out.println(json ? JsonMapper.shared().writeValueAsString(comparison) : comparison.table());
            return comparison.failures() == 0 ? 0 : 1;
        }
    }
}
