package dev.patchbay.core.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import dev.patchbay.core.registry.ModuleKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of calls beyond what a version can do at once, and of those that end early.
class ModuleExecutorTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    /// Waits for as many milliseconds as it is asked; -1 fails, -2 tells whether an interrupt was left over.
    private static final String BEHAVIOUR = """
            if (question.x() > 0) { Thread.sleep((long) question.x()); }
            if (question.x() == -1) { throw new IllegalStateException("no"); }
            if (question.x() == -2) { return new Answer(Thread.interrupted() ? 1 : 0); }
            """;

    @TempDir
    Path directory;

    private ModuleCompiler compiler;
    private LiveCore core;

    @BeforeEach
    void start() throws Exception {
        compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        core = new LiveCore(directory.resolve("data"));
    }

    @AfterEach
    void stop() throws Exception {
        core.close();
    }

    private void serve(SmallModule module, String limits) throws Exception {
        assertThat(LiveCore.line(core.deploy(compiler.folder(directory, module)).state()))
                .isEqualTo("ready");
        core.configure("inference: {t: {default_version: 1.0.0, limits: %s}}".formatted(limits));
    }

    private void serve(String limits) throws Exception {
        serve(SmallModule.of("t", "1.0.0").predicting(BEHAVIOUR), limits);
    }

    private CompletableFuture<Outcome> ask(double x, Duration timeout) {
        return core.send("t", "{\"x\": %s}".formatted(x), timeout);
    }

    private static InferenceException error(CompletableFuture<Outcome> call) throws Exception {
        return ((Outcome.Failure) call.get(10, TimeUnit.SECONDS)).error();
    }

    private void awaitInside(long calls) {
        await().until(() -> core.modules
                        .find(new ModuleKey("t", "1.0.0"))
                        .orElseThrow()
                        .gate()
                        .inside()
                == calls);
    }

    @Test
    void a_call_beyond_those_that_run_and_wait_is_turned_away_at_once_and_told_when_to_come_back() throws Exception {
        serve("{concurrency: 1, queue: 1}");
        CompletableFuture<Outcome> runs = ask(300, LONG);
        CompletableFuture<Outcome> waits = ask(1, LONG);
        InferenceException refused = error(ask(1, LONG));
        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refused)
                .hasMessage("t 1.0.0 cannot take this call: 1 calls run and 1 wait, which is all it may hold."
                        + " Try again later, or raise inference.t.limits");
        assertThat(refused.retryAfter()).isPresent();
        assertThat(Stream.of(runs.get(), waits.get())).allMatch(Outcome.Answer.class::isInstance);
    }

    @Test
    void before_any_call_has_ended_the_first_one_tells_how_long_to_wait_at_least() throws Exception {
        serve("{concurrency: 1, queue: 1}");
        CompletableFuture<Outcome> runs = ask(1000, LONG);
        CompletableFuture<Outcome> waits = ask(1, LONG);
        Thread.sleep(50);
        InferenceException refused = error(ask(1, LONG));
        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refused.retryAfter().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(Stream.of(runs.get(), waits.get())).allMatch(Outcome.Answer.class::isInstance);
    }

    @Test
    void a_call_whose_turn_would_come_too_late_is_not_kept_waiting() throws Exception {
        serve("{concurrency: 1, queue: 100}");
        for (int i = 0; i < 20; i++) {
            ask(50, LONG).get(); // so that it is known how long a call takes
        }
        ask(300, LONG);
        InferenceException refused = error(ask(1, Duration.ofMillis(5)));
        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refused).hasMessageContaining("its turn would come in about ", "after its deadline");
    }

    private void serveBesideOneThatNobodyCalledYet() throws Exception {
        serve("{concurrency: 1}");
        core.deploy(compiler.folder(directory, SmallModule.of("t", "2.0.0").predicting(BEHAVIOUR)));
    }

    private void switchOver() throws Exception {
        core.configure("inference: {t: {default_version: 2.0.0, limits: {concurrency: 1}}}");
    }

    @Test
    void calls_that_wait_in_the_version_before_go_before_those_of_a_new_one() throws Exception {
        serveBesideOneThatNobodyCalledYet();
        CompletableFuture<Outcome> runs = ask(300, LONG);
        CompletableFuture<Outcome> waits = ask(300, LONG);
        switchOver();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        runs.thenRun(() -> order.add("ran"));
        CompletableFuture<Outcome> goesOver = ask(1, LONG);
        goesOver.thenRun(() -> order.add("new"));
        goesOver.get(10, TimeUnit.SECONDS);
        assertThat(order).isEqualTo(List.of("ran", "new"));
        waits.get(10, TimeUnit.SECONDS);
        CompletableFuture<Outcome> next = ask(1, LONG);
        assertThat(next.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Answer.class);
    }

    @Test
    void a_version_that_hangs_does_not_keep_its_successor_from_answering() throws Exception {
        serveBesideOneThatNobodyCalledYet();
        CompletableFuture<Outcome> hangs = ask(60_000, LONG);
        CompletableFuture<Outcome> waits = ask(1, LONG);
        switchOver();
        assertThat(ask(1, Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Answer.class);
        assertThat(Stream.of(hangs, waits)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void the_deadline_ends_calls_that_run_and_calls_that_wait() throws Exception {
        serve("{concurrency: 1}");
        CompletableFuture<Outcome> runs = ask(60_000, Duration.ofMillis(200));
        CompletableFuture<Outcome> waits = ask(1, Duration.ofMillis(100));
        assertThat(error(waits))
                .hasMessage("t 1.0.0 did not answer within 100 ms; the call was waiting for a free place."
                        + " Allow more time with Inference-Timeout or inference.t.limits.timeout");
        InferenceException late = error(runs);
        assertThat(late.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(late).hasMessageContaining("within 200 ms; the call was running");
        awaitInside(0); // the interrupt ended the module's sleep
        assertThat(LiveCore.said(ask(0, LONG).get())).isEqualTo("{\"y\":0.0}");
    }

    @Test
    void the_task_caps_the_time_a_caller_may_ask_for() throws Exception {
        serve("{timeout: 100ms}");
        assertThat(error(ask(60_000, LONG))).hasMessageContaining("did not answer within ");
    }

    @Test
    void a_caller_who_leaves_frees_the_place_and_leaves_no_interrupt_behind() throws Exception {
        serve("{concurrency: 1}");
        CallContext context = CallContext.incoming("r1", null, LONG, TraceContext.from(null, null));
        CompletableFuture<Outcome> left = core.send("t", "{\"x\": 60000}", context);
        awaitInside(1);
        context.cancel().cancel();
        assertThat(error(left).code()).isEqualTo(ErrorCode.CANCELLED);
        for (int i = 0; i < 50; i++) {
            assertThat(LiveCore.said(ask(-2, LONG).get())).isEqualTo("{\"y\":0.0}");
        }
    }

    @Test
    void a_caller_who_left_before_is_not_served() throws Exception {
        serve("{concurrency: 1}");
        CallContext context = CallContext.incoming("r1", null, LONG, TraceContext.from(null, null));
        context.cancel().cancel();
        assertThat(error(core.send("t", "{\"x\": 60000}", context)).code()).isEqualTo(ErrorCode.CANCELLED);
        awaitInside(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMPUTE", "IO"})
    void never_more_run_at_a_time_than_allowed(String lane) throws Exception {
        serve(SmallModule.of("t", "1.0.0").annotated("lane = Lane." + lane).with("""
                        static final AtomicInteger now = new AtomicInteger();
                        static final AtomicInteger most = new AtomicInteger();
                        public Answer predict(Question question, Call call) throws Exception {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            Thread.sleep(5);
                            now.decrementAndGet();
                            return new Answer(most.get());
                        }"""), "{concurrency: 4}");
        List<CompletableFuture<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            calls.add(ask(0, LONG));
        }
        for (CompletableFuture<Outcome> call : calls) {
            call.get();
        }
        assertThat(LiveCore.said(ask(0, LONG).get())).isEqualTo("{\"y\":4.0}");
    }

    @Test
    void the_inline_lane_answers_on_the_thread_that_brings_the_call() throws Exception {
        serve(
                SmallModule.of("t", "1.0.0")
                        .annotated("lane = Lane.INLINE")
                        .with("public Answer predict(Question question, Call call) {"
                                + " return new Answer(Thread.currentThread().threadId()); }"),
                "{}");
        CompletableFuture<Outcome> call = ask(0, LONG);
        assertThat(call).isCompleted();
        assertThat(LiveCore.said(call.get())).isEqualTo("{\"y\":%s}".formatted((double)
                        Thread.currentThread().threadId()));
    }

    @Test
    void a_version_that_only_fails_rests_and_is_tried_again() throws Exception {
        serve("{circuit: {failures: 3, rest: 300ms}}");
        for (int i = 0; i < 3; i++) {
            assertThat(error(ask(-1, LONG)).code()).isEqualTo(ErrorCode.MODULE_FAILED);
        }
        InferenceException resting = error(ask(0, LONG));
        assertThat(resting.code()).isEqualTo(ErrorCode.CIRCUIT_OPEN);
        assertThat(resting.retryAfter())
                .hasValueSatisfying(rest -> assertThat(rest).isLessThanOrEqualTo(Duration.ofMillis(300)));
        await().until(() -> ask(0, LONG).get() instanceof Outcome.Answer);
        assertThat(ask(0, LONG).get()).isInstanceOf(Outcome.Answer.class);
    }

    @Test
    void requests_that_are_refused_say_nothing_about_the_version() throws Exception {
        serve("{circuit: {failures: 2, rest: 1m}}");
        for (int i = 0; i < 5; i++) {
            assertThat(error(core.send("t", "{}", LONG)).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        }
        assertThat(ask(0, LONG).get()).isInstanceOf(Outcome.Answer.class);
    }
}
