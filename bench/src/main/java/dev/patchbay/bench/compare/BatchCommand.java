package dev.patchbay.bench.compare;

import dev.patchbay.bench.load.ServerProcess;
import dev.patchbay.bench.peer.FraudRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "batch",
        mixinStandardHelpOptions = true,
        description = "What batching is worth: 784 floats, in JSON and in bytes, to a model of 4.3 MB of weights, with"
                + " batching on and off and beside Spring Boot, in turns.")
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

    @Option(names = "--seconds", defaultValue = "2", description = "Of each server's turn in a round.")
    private double seconds;

    @Option(
            names = "--warmup",
            defaultValue = "30",
            description = "Seconds of load before measuring, at most: it ends when the server's compiler rests.")
    private double warmup;

    @Option(names = "--without-spring", description = "Leaves Spring Boot out.")
    private boolean withoutSpring;

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
        int admin = ServerProcess.freePort();
        try (Contest contest = new Contest(work, TASK, FraudRequest.numbers("pixels", PIXELS))) {
            if (!withoutSpring) {
                contest.enter("spring", port -> commands.spring(port, model));
            }
            contest.enter(
                    "off", port -> commands.patchbay(port, work.resolve("off"), TASK, model, MODULE, "{batch: 1}"));
            contest.enter("on", port -> commands.patchbay(port, admin, work.resolve("on"), TASK, model, MODULE, "{}"));
            alsoInBytes(contest, "off");
            alsoInBytes(contest, "on");
            contest.warmUp(connections, warmup);
            BatchSizes before = BatchSizes.of(admin);
            Map<String, List<Turn>> many = contest.rounds(rounds, connections, seconds);
            BatchSizes after = BatchSizes.of(admin);
            Map<String, List<Turn>> one = contest.rounds(rounds, 1, seconds);
            BatchReport report = BatchReport.of(many, one);
            System.out.println(report.table());
            System.out.printf(
                    "with %d connections a batch had %.1f calls on average%n", connections, after.meanSince(before));
            return report.failures() == 0 ? 0 : 1;
        }
    }

    /// The same question by the Open Inference Protocol with binary tensors, both ways.
    private static void alsoInBytes(Contest contest, String server) {
        String head = """
                {"inputs":[{"name":"x","datatype":"FP32","shape":[1,%d],"parameters":{"binary_data_size":%d}}],\
                "parameters":{"binary_data_output":true}}""".formatted(PIXELS, PIXELS * Float.BYTES);
        ByteBuffer body =
                ByteBuffer.allocate(head.length() + PIXELS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        body.put(head.getBytes(StandardCharsets.US_ASCII));
        new SplittableRandom(PIXELS).doubles(PIXELS, -1, 1).forEach(number -> body.putFloat((float) number));
        contest.alsoAsk(
                server + ", bytes",
                server,
                "/v2/models/" + TASK + "/infer",
                body.array(),
                Map.of("Inference-Header-Content-Length", Integer.toString(head.length())));
    }
}
