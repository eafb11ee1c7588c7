package dev.patchbay.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every format's module is changed for a new version, its model opened and the old one closed, while it is asked all
/// the time. `-Dswaps=100` changes them more often than a build does; `bench/run swap --model flower-onnx` looks at
/// one of them in a gateway of its own.
class SwapTest {

    private static final int SWAPS = Integer.getInteger("swaps", 20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void no_call_is_lost_and_no_memory_is_kept_when_every_model_is_changed_under_load() throws Exception {
        Flowers.addEngines();
        Queue<String> lost = new ConcurrentLinkedQueue<>();
        AtomicLong answered = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        long settled = 0;
        try (Served served = new Served(folder.resolve("served"))) {
            List<Thread> callers = new ArrayList<>();
            for (String format : Flowers.formats()) {
                callers.add(Thread.ofVirtual().start(() -> {
                    while (!over.get()) {
                        ask(served, format, lost);
                        answered.incrementAndGet();
                    }
                }));
            }
            String before = "1.0.0";
            for (int i = 1; i <= SWAPS; i++) {
                String version = "1.0." + i;
                for (String format : Flowers.formats()) {
                    served.add(format, version);
                }
                until(
                        version + " ready",
                        () -> count(served, version, "ready")
                                == Flowers.formats().size());
                served.route(version);
                until(version + " answering", () -> answeredBy(served, version));
                for (String format : Flowers.formats()) {
                    delete(served.module(format, before));
                }
                String gone = before;
                until(gone + " gone", () -> count(served, gone, "") == count(served, gone, "gone"));
                before = version;
                if (i == SWAPS / 2) {
                    settled = resident();
                }
            }
            long grown = resident() - settled;
            over.set(true);
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(pythons()).as("Python processes").isEqualTo(1);
            System.out.printf(
                    "%d changes of %d models, %d calls, %d lost, %+d MB in the second half%n",
                    SWAPS, Flowers.formats().size(), answered.get(), lost.size(), grown >> 20);
            assertThat(lost).isEmpty();
            assertThat(answered.get()).isGreaterThan(SWAPS * 10L);
            assertThat(grown).as("bytes kept by the second half").isLessThan(32 << 20);
        }
    }

    private static void ask(Served served, String format, Queue<String> lost) {
        double[] measures = Flowers.EXAMPLES[0];
        try {
            HttpResponse<String> answer =
                    served.post("/v1/inference/flower_" + format, Flowers.request(format, measures));
            if (answer.statusCode() != 200) {
                lost.add(format + ": " + answer.body());
                return;
            }
            assertThat(Flowers.probabilities(format, JsonMapper.shared().readTree(answer.body())))
                    .containsExactly(Flowers.expected(measures), within(1e-6));
        } catch (IOException | InterruptedException | AssertionError e) {
            lost.add(format + ": " + e);
        }
    }

    private static boolean answeredBy(Served served, String version) throws Exception {
        for (String format : Flowers.formats()) {
            HttpResponse<String> answer =
                    served.post("/v1/inference/flower_" + format, Flowers.request(format, Flowers.EXAMPLES[0]));
            if (!answer.headers().firstValue("inference-version").orElse("").equals(version)) {
                return false;
            }
        }
        return true;
    }

    /// Counts the modules of a version that are in a state, or in any.
    private static int count(Served served, String version, String state) throws Exception {
        int count = 0;
        for (JsonNode module : served.modules()) {
            if (module.path("version").asString("").equals(version)
                    && (state.isEmpty() || module.path("state").asString("").equals(state))) {
                count++;
            }
        }
        return count;
    }

    private static void until(String what, java.util.concurrent.Callable<Boolean> holds) {
        await().alias(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(holds);
    }

    private static void delete(Path module) throws IOException {
        try (Stream<Path> files = Files.walk(module)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static long pythons() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("-m patchbay "))
                .count();
    }

    /// What the process holds in memory, in bytes (Linux).
    private static long resident() throws IOException {
        System.gc();
        return 4096
                * Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
    }
}
