package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.JsonDialect;
import dev.patchbay.core.execution.ModuleExecutor;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import dev.patchbay.core.registry.ModuleKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The count of calls that meet the teardown of their module is 0 in a gateway, and is not when a caller is made who
/// forgets to hold the version: what the benchmarks report can fail.
class CallsAfterTeardownTest {

    private static final String INSIDE = "patchbay.test.teardown.inside";

    @TempDir
    Path directory;

    private LiveCore core;
    private ModuleCompiler compiler;

    @BeforeEach
    void start() throws Exception {
        System.clearProperty(INSIDE);
        compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        core = new LiveCore(directory.resolve("data"));
    }

    @AfterEach
    void stop() throws Exception {
        System.clearProperty(INSIDE);
        core.close();
    }

    private double counted() {
        return core.meters.get("patchbay.calls.after.teardown").counter().count();
    }

    private ModuleExecutor deployed(SmallModule module) throws Exception {
        core.deploy(compiler.jar(directory, module));
        return core.modules.find(new ModuleKey("t", "1.0.0")).orElseThrow().executor();
    }

    private void retire() throws Exception {
        core.deployer.disappeared(directory.resolve("t-1.0.0.jar"));
        core.awaitGone("t");
    }

    /// Calls as the gateway does, but takes no lease: the planted fault.
    private static CompletableFuture<Outcome> callWithoutHolding(ModuleExecutor executor) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        executor.submit(
                CallContext.incoming("planted", null, Duration.ofSeconds(30), TraceContext.from(null, null)),
                new JsonDialect(JsonMapper.shared().readTree("{\"x\": 1}")),
                null,
                new CallTimings(System.nanoTime()),
                answer::complete,
                () -> {});
        return answer;
    }

    @Test
    void aCallThatHoldsItsVersionMeetsNoTeardown() throws Exception {
        deployed(SmallModule.of("t", "1.0.0").predicting("Thread.sleep(200);"));
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return LiveCore.said(core.call("t", "1.0.0", "{\"x\": 1}"));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        Awaitility.await()
                .until(() -> core.modules
                                .find(new ModuleKey("t", "1.0.0"))
                                .orElseThrow()
                                .gate()
                                .inside()
                        == 1);
        retire();
        assertThat(answer.get()).isEqualTo("{\"y\":1.0}");
        assertThat(counted()).isZero();
    }

    @Test
    void aCallThatGoesOnIntoTheTeardownIsCountedAndTold() throws Exception {
        ModuleExecutor executor = deployed(SmallModule.of("t", "1.0.0")
                .with("static final CountDownLatch DOWN = new CountDownLatch(1), OUT = new CountDownLatch(1);"
                        + " public void teardown() throws InterruptedException { DOWN.countDown(); OUT.await(); }"
                        + " public Answer predict(Question question, Call call) throws Exception {"
                        + " System.setProperty(\"" + INSIDE + "\", \"true\"); DOWN.await(); OUT.countDown();"
                        + " return new Answer(question.x()); }"));
        CompletableFuture<Outcome> answer = callWithoutHolding(executor);
        Awaitility.await().until(() -> Boolean.getBoolean(INSIDE));
        retire();
        answer.get();
        assertThat(counted()).isEqualTo(1);
        assertThat(core.events.since(0)).anySatisfy(event -> {
            assertThat(event.kind()).isEqualTo("call-after-teardown");
            assertThat(event.message())
                    .isEqualTo("t@1.0.0#1 was torn down under request planted, which is a fault of the gateway: please"
                            + " report it with the log of the minute before");
        });
    }

    @Test
    void aCallThatBeginsAfterTheTeardownIsCounted() throws Exception {
        ModuleExecutor executor = deployed(SmallModule.of("t", "1.0.0").annotated("lane = Lane.INLINE"));
        retire();
        // its loader is closed: whether it still finds the classes of an answer is not what this is about
        callWithoutHolding(executor).get();
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void theCallsOfABatchThatMeetTheTeardownAreCountedEach() throws Exception {
        ModuleExecutor executor = deployed(SmallModule.of("t", "1.0.0").predictingAll("Thread.sleep(300);"));
        CompletableFuture<Outcome> first = callWithoutHolding(executor);
        CompletableFuture<Outcome> second = callWithoutHolding(executor);
        CompletableFuture<Outcome> third = callWithoutHolding(executor);
        executor.teardownBegins();
        CompletableFuture.allOf(first, second, third).get();
        assertThat(counted()).isEqualTo(3);
    }
}
