package dev.patchbay.bench.compare;

import dev.patchbay.bench.peer.FraudRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "batch",
        mixinStandardHelpOptions = true,
        description = "What batching is worth: 784 floats to a model of 4.3 MB of weights, with batching on and off and"
                + " beside Spring Boot, in turns.")
final class BatchCommand implements Callable<Integer> {
    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));
    private static final String TASK = "digit";
    private static final int PIXELS = 784;
    private static final String MODULE = """
            onnx:
              model: model.onnx
              input: {x: /pixels}
              output: {probs: /probs}
            """;

    @Option(names = "--models", description = "The folder of mnist-mlp.onnx (default: bench/models).")
    private Path models = HOME.resolve("models");

    @Option(names = "--connections", defaultValue = "32")
    private int connections;

    @Option(names = "--rounds", defaultValue = "5")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "2.5", description = "Of each server's turn in a round.")
    private double seconds;

    @Option(names = "--warmup", defaultValue = "10", description = "Seconds of load on each server before measuring.")
    private double warmup;

    @Option(names = "--heap", defaultValue = "512m", description = "The heap of every server.")
    private String heap = "512m";

    public static void main(String[] args) {
        System.exit(new CommandLine(new BatchCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("patchbay-batch-");
        Path model = models.resolve("mnist-mlp.onnx").toAbsolutePath();
        Commands commands = new Commands(HOME, heap);
        try (Contest contest = new Contest(work, TASK, FraudRequest.numbers("pixels", PIXELS))) {
            contest.enter("spring", port -> commands.spring(port, model));
            contest.enter(
                    "off", port -> commands.patchbay(port, work.resolve("off"), TASK, model, MODULE, "{batch: 1}"));
            contest.enter("on", port -> commands.patchbay(port, work.resolve("on"), TASK, model, MODULE, "{}"));
            contest.warmUp(connections, warmup);
            Map<String, List<Turn>> many = contest.rounds(rounds, connections, seconds);
            Map<String, List<Turn>> one = contest.rounds(rounds, 1, seconds);
            BatchReport report = BatchReport.of(many, one);
            System.out.println(report.table());
            return report.failures() == 0 ? 0 : 1;
        }
    }
}
