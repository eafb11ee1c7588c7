package dev.patchbay.bench.peer;

import ai.onnxruntime.OrtException;
import dev.patchbay.bench.load.ServerUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// The model alone in its process: the floor under every server's cost. Prints one JSON line per window.
@Command(name = "model-loop", description = "Runs an ONNX model in a loop and says what a call costs.")
final class ModelLoop implements Callable<Integer> {
    record Window(long calls, double perSecond, double cpuMicrosPerCall) {}

    @Option(names = "--model", required = true)
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Option(names = "--threads", defaultValue = "2")
    private int threads;

    @Option(names = "--windows", defaultValue = "10")
    private int windows;

    @Option(names = "--seconds", defaultValue = "1")
    private double seconds;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ModelLoop()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        FraudModel fraud = new FraudModel(model);
        float[] row = JsonMapper.shared()
                .readValue(FraudRequest.example(), FraudRequest.class)
                .features();
        long self = ProcessHandle.current().pid();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < windows; i++) {
                double before = ServerUsage.of(self).cpuSeconds();
                long calls = window(pool, fraud, row);
                double cpu = ServerUsage.of(self).cpuSeconds() - before;
                System.out.println(
                        JsonMapper.shared().writeValueAsString(new Window(calls, calls / seconds, cpu * 1e6 / calls)));
            }
        }
        return 0;
    }

    private long window(ExecutorService pool, FraudModel fraud, float[] row) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Future<Long>> loops = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            loops.add(pool.submit(() -> loop(fraud, row, end)));
        }
        long calls = 0;
        for (Future<Long> loop : loops) {
            calls += loop.get();
        }
        return calls;
    }

    private static long loop(FraudModel fraud, float[] row, long end) throws OrtException {
        long calls = 0;
        while (System.nanoTime() < end) {
            fraud.score(row);
            calls++;
        }
        return calls;
    }
}
