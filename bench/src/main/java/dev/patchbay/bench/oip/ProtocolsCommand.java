package dev.patchbay.bench.oip;

import com.google.protobuf.ByteString;
import dev.patchbay.bench.compare.Commands;
import dev.patchbay.bench.load.LoadPlan;
import dev.patchbay.bench.load.LoadReport;
import dev.patchbay.bench.load.LoadRun;
import dev.patchbay.bench.load.Pace;
import dev.patchbay.bench.load.ServerProcess;
import dev.patchbay.oip.v2.ModelInferRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "protocols",
        mixinStandardHelpOptions = true,
        description =
                "CPU per call of the same question in JSON, in bytes and over gRPC, in turns, beside a bare gRPC server.")
final class ProtocolsCommand implements Callable<Integer> {

    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));
    private static final String TASK = "score";
    private static final double WARM_UP_TURN = 2;
    /// Of a core, for a turn.
    private static final double COMPILER_RESTS = 0.03;

    @Option(names = "--model", required = true, description = "An ONNX model x[N,k] -> y[N,m].")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Option(names = "--floats", defaultValue = "784", description = "The k of the model.")
    private int floats;

    @Option(names = "--connections", defaultValue = "16")
    private int connections;

    @Option(names = "--rounds", defaultValue = "3")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "2", description = "Of each form's turn in a round.")
    private double seconds;

    @Option(
            names = "--warmup",
            defaultValue = "30",
            description = "Seconds of load in each form before measuring, at most: it ends when the compiler rests.")
    private double warmup;

    /// One form of the call.
    private interface Form {
        Answered run(Duration duration) throws InterruptedException;
    }

    /// A form and the clocks of the server it asks.
    private record Lane(String name, Form form, LongSupplier cpuMicros, DoubleSupplier compilerSeconds) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new ProtocolsCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("patchbay-protocols-");
        Commands commands = new Commands(HOME, "512m");
        int port = ServerProcess.freePort();
        int apartPort = ServerProcess.freePort();
        int barePort = ServerProcess.freePort();
        float[] row = row();
        URI base = URI.create("http://127.0.0.1:" + port);
        URI apartBase = URI.create("http://127.0.0.1:" + apartPort);
        byte[] json = json("{\"x\":%s}", row);
        String module = "onnx: {model: model.onnx}\n";
        Path file = model.toAbsolutePath();
        List<String> start = commands.patchbay(port, work.resolve("serve"), TASK, file, module, "{}");
        // the bare server answers no calls together, so that only this one is its equal
        List<String> startApart = commands.patchbay(apartPort, work.resolve("apart"), TASK, file, module, "{batch: 1}");
        try (ServerProcess patchbay = ServerProcess.start(
                        "patchbay",
                        start,
                        base.resolve("/v1/inference/" + TASK),
                        new String(json, StandardCharsets.UTF_8),
                        work);
                ServerProcess apart = ServerProcess.start(
                        "apart",
                        startApart,
                        apartBase.resolve("/v1/inference/" + TASK),
                        new String(json, StandardCharsets.UTF_8),
                        work);
                BareProcess bare = BareProcess.start(barePort, model.toAbsolutePath());
                GrpcLoad grpc = new GrpcLoad(port, connections, message(row));
                GrpcLoad apartGrpc = new GrpcLoad(apartPort, connections, message(row));
                GrpcLoad bareGrpc = new GrpcLoad(barePort, connections, message(row))) {
            bare.await(bareGrpc::ask);
            LongSupplier cpu = () -> micros(patchbay.usage().cpuSeconds());
            DoubleSupplier compiler = patchbay::compilerSeconds;
            URI infer = base.resolve("/v2/models/" + TASK + "/infer");
            String head = oipHead();
            Map<String, String> headLength = Map.of("Inference-Header-Content-Length", Integer.toString(head.length()));
            return measure(List.of(
                    new Lane(
                            "JSON, the task's own",
                            http(base.resolve("/v1/inference/" + TASK), json, Map.of()),
                            cpu,
                            compiler),
                    new Lane("OIP in JSON", http(infer, json(oipJson(), row), Map.of()), cpu, compiler),
                    new Lane("OIP in bytes", http(infer, binary(head, row), headLength), cpu, compiler),
                    new Lane("OIP over gRPC, raw", grpc::run, cpu, compiler),
                    new Lane(
                            "OIP over gRPC, raw, no batches",
                            apartGrpc::run,
                            () -> micros(apart.usage().cpuSeconds()),
                            apart::compilerSeconds),
                    new Lane(
                            "bare gRPC server",
                            bareGrpc::run,
                            () -> micros(bare.usage().cpuSeconds()),
                            bare::compilerSeconds)));
        }
    }

    private int measure(List<Lane> lanes) throws InterruptedException {
        for (Lane lane : lanes) {
            warmUp(lane);
        }
        Map<String, List<Double>> costs = new LinkedHashMap<>();
        long failures = 0;
        for (int round = 1; round <= rounds; round++) {
            for (Lane lane : lanes) {
                long before = lane.cpuMicros().getAsLong();
                Answered answered = lane.form().run(Duration.ofMillis((long) (seconds * 1000)));
                double cost = (lane.cpuMicros().getAsLong() - before) / (double) Math.max(1, answered.answers());
                failures += answered.failures();
                costs.computeIfAbsent(lane.name(), name -> new ArrayList<>()).add(cost);
                System.err.printf(
                        "round %d: %s: %.1f µs CPU, %d answers, %d failures%n",
                        round, lane.name(), cost, answered.answers(), answered.failures());
            }
        }
        System.out.println("| form | CPU per call | against JSON |");
        System.out.println("|---|---|---|");
        double json = median(costs.values().iterator().next());
        costs.forEach((name, turns) ->
                System.out.printf("| %s | %.1f µs | %.2f |%n", name, median(turns), median(turns) / json));
        return failures == 0 ? 0 : 1;
    }

    private void warmUp(Lane lane) throws InterruptedException {
        double compiled = 1;
        double warmed = 0;
        while (warmed < warmup && compiled > COMPILER_RESTS) {
            double before = lane.compilerSeconds().getAsDouble();
            lane.form().run(Duration.ofMillis((long) (WARM_UP_TURN * 1000)));
            compiled = (lane.compilerSeconds().getAsDouble() - before) / WARM_UP_TURN;
            warmed += WARM_UP_TURN;
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static long micros(double seconds) {
        return (long) (seconds * 1e6);
    }

    private Form http(URI target, byte[] body, Map<String, String> headers) {
        return duration -> {
            LoadReport report = LoadRun.start(
                            LoadPlan.of(target, body, headers).over(connections, new Pace.Closed(), duration))
                    .await();
            return new Answered(report.answers(), report.failures());
        };
    }

    private float[] row() {
        Random random = new Random(7);
        float[] row = new float[floats];
        for (int i = 0; i < row.length; i++) {
            row[i] = random.nextFloat();
        }
        return row;
    }

    private static byte[] json(String around, float[] row) {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < row.length; i++) {
            list.append(i == 0 ? "" : ",").append(row[i]);
        }
        return around.formatted(list.append("]")).getBytes(StandardCharsets.UTF_8);
    }

    private String oipJson() {
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1," + floats + "],\"data\":%s}]}";
    }

    private String oipHead() {
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1," + floats
                + "],\"parameters\":{\"binary_data_size\":" + floats * Float.BYTES
                + "}}],\"parameters\":{\"binary_data_output\":true}}";
    }

    private static byte[] raw(float[] row) {
        ByteBuffer raw = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(row);
        return raw.array();
    }

    private static byte[] binary(String head, float[] row) {
        byte[] raw = raw(row);
        return ByteBuffer.allocate(head.length() + raw.length)
                .put(head.getBytes(StandardCharsets.US_ASCII))
                .put(raw)
                .array();
    }

    private ModelInferRequest message(float[] row) {
        return ModelInferRequest.newBuilder()
                .setModelName(TASK)
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addShape(1)
                        .addShape(floats))
                .addRawInputContents(ByteString.copyFrom(raw(row)))
                .build();
    }
}
