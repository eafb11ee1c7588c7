package dev.patchbay.core.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import io.micrometer.core.instrument.DistributionSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Versions that answer calls together come and go under load, and no call is lost or torn down under.
class BatchedSwapTest {

    /// Fails once it is torn down, and takes long enough that calls gather.
    private static final String CAREFUL = """
            if (gone) { throw new IllegalStateException("torn down"); }
""";

    private static final String LEAVES = """
            private volatile boolean gone;
            public void teardown() { gone = true; }
            """;

    @TempDir
    Path directory;

    private static SmallModule module(String version) {
        SmallModule module = SmallModule.of("t", version).predictingAll(CAREFUL);
        return module.with(module.body() + LEAVES);
    }

    private static double largestBatch(LiveCore core) {
        return core.meters.find("patchbay.batch.size").summaries().stream()
                .mapToDouble(DistributionSummary::max)
                .max()
                .orElse(0);
    }

    @Test
    void every_call_is_answered_while_versions_change() throws Exception {
        ModuleCompiler compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong answered = new AtomicLong();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        try (LiveCore core = new LiveCore(directory.resolve("data"))) {
            core.deploy(compiler.folder(directory, module("1.0.0")));
            core.configure("inference: {t: {default_version: 1.0.0, limits: {concurrency: 2, queue: 1000}}}");
            for (int c = 0; c < 16; c++) {
                int x = c;
                callers.add(Thread.ofVirtual().start(() -> {
                    while (!over.get()) {
                        String said = LiveCore.said(core.send("t", "{\"x\": %d}".formatted(x), Duration.ofSeconds(30))
                                .join());
                        if (said.equals("{\"y\":%s}".formatted((double) x))) {
                            answered.incrementAndGet();
                        } else {
                            wrong.add(said);
                        }
                    }
                }));
            }
            for (int i = 1; i <= 6; i++) {
                Path before = directory.resolve("t-1.%d.0".formatted(i - 1));
                core.deploy(compiler.folder(directory, module("1.%d.0".formatted(i))));
                // on a busy machine the first calls may take longer than the next version to be ready
                await().until(() -> largestBatch(core) > 1);
                core.configure("inference: {t: {default_version: 1.%d.0, limits: {concurrency: 2, queue: 1000}}}"
                        .formatted(i));
                core.deployer.disappeared(before);
                core.settle();
            }
            over.set(true);
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(answered).hasValueGreaterThan(100);
    }
}
