package dev.patchbay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.Resolution;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a call whose version fails.
class ResilienceTest {

    /// Fails as often as it is asked to by `x`; -9 sleeps, -8 refuses the caller.
    private static final String SHAKY = """
            private final AtomicInteger failures = new AtomicInteger();
            public Answer predict(Question question, Call call) throws Exception {
                if (question.x() == -9) { Thread.sleep(60_000); }
                if (question.x() == -8) { throw new InferenceException(ErrorCode.BLOCKED, "not for you"); }
                if (failures.incrementAndGet() <= question.x()) { throw new IllegalStateException("no"); }
                failures.set(0);
                return new Answer(1);
            }""";

    @TempDir
    Path directory;

    private LiveCore core;

    @BeforeEach
    void start() throws Exception {
        ModuleCompiler compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        core = new LiveCore(directory.resolve("data"));
        core.deploy(compiler.folder(directory, SmallModule.of("t", "1.0.0").with(SHAKY)));
        core.deploy(compiler.folder(
                directory, SmallModule.of("t", "0.9.0").predicting("if (true) { return new Answer(9); }")));
        core.deploy(compiler.folder(
                directory,
                SmallModule.of("other", "2.0.0")
                        .predicting("if (question.x() == 3) { throw new IllegalStateException(\"no\"); }"
                                + " if (true) { return new Answer(7); }")));
    }

    @AfterEach
    void stop() throws Exception {
        core.close();
    }

    private void serve(String resilience) {
        core.configure("""
                inference:
                  t: {default_version: 1.0.0, limits: {circuit: {failures: 100000}}, %s}
                  other: {default_version: 2.0.0}
                """.formatted(resilience));
    }

    private InferenceReply ask(double x, @Nullable String pin, Duration timeout) throws Exception {
        return core.gateway
                .infer(new InferenceRequest(
                        "t",
                        pin,
                        new InferenceRequest.Body.Bytes(
                                "{\"x\": %s}".formatted(x).getBytes(StandardCharsets.UTF_8)),
                        Map.of(),
                        CallContext.incoming("r", null, timeout, TraceContext.from(null, null)),
                        null))
                .get(20, TimeUnit.SECONDS);
    }

    private String ask(double x) throws Exception {
        return told(ask(x, null, Duration.ofSeconds(10)));
    }

    /// The answer, or the code of the error, and which version it is from and why.
    private static String told(InferenceReply reply) {
        Resolution resolution = reply.record().resolution();
        String said = LiveCore.said(reply.outcome());
        return (said.startsWith("{") ? said : said.substring(0, said.indexOf(':')))
                + (resolution == null ? "" : " " + resolution.version() + " " + resolution.header());
    }

    private double counted(String meter, String... tags) {
        return core.meters.find(meter).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void without_a_word_in_the_config_a_failure_is_the_answer() throws Exception {
        serve("attributes: {}");
        assertThat(ask(1)).isEqualTo("module-failed 1.0.0 reason=DEFAULT;rev=2");
    }

    @Test
    void a_call_that_fails_is_tried_again_as_often_as_it_may() throws Exception {
        serve("retry: {attempts: 2}");
        assertThat(ask(2)).isEqualTo("{\"y\":1.0} 1.0.0 reason=DEFAULT;rev=2");
        assertThat(counted("patchbay.retries", "task", "t")).isEqualTo(2);
        assertThat(ask(3)).startsWith("module-failed");
        assertThat(counted("patchbay.requests", "version", "1.0.0")).isEqualTo(2);
    }

    @Test
    void what_the_caller_did_wrong_is_not_tried_again() throws Exception {
        serve("retry: {attempts: 2}, fallback: {version: 0.9.0}");
        assertThat(ask(-8)).isEqualTo("blocked 1.0.0 reason=DEFAULT;rev=2");
        assertThat(counted("patchbay.retries")).isZero();
        assertThat(counted("patchbay.fallbacks")).isZero();
    }

    @Test
    void a_task_that_fails_altogether_is_asked_little_more_often() throws Exception {
        serve("retry: {attempts: 5, budget: 10}");
        for (int i = 0; i < 200; i++) {
            ask(1_000_000);
        }
        // ten that were put aside before, and one for each ten calls
        assertThat(counted("patchbay.retries", "task", "t")).isBetween(20.0, 31.0);
    }

    @Test
    void another_version_answers_and_the_answer_says_so() throws Exception {
        serve("fallback: {version: 0.9.0}");
        assertThat(ask(1)).isEqualTo("{\"y\":9.0} 0.9.0 reason=FALLBACK;rule=version;rev=2");
        assertThat(counted("patchbay.fallbacks", "task", "t", "to", "version")).isOne();
        assertThat(counted("patchbay.requests", "version", "1.0.0", "outcome", "module_error"))
                .isOne();
        assertThat(counted("patchbay.route.decisions", "version", "0.9.0", "reason", "fallback"))
                .isOne();
        assertThat(ask(0)).isEqualTo("{\"y\":1.0} 1.0.0 reason=DEFAULT;rev=2");
    }

    @Test
    void another_task_or_a_constant_answers() throws Exception {
        serve("fallback: {task: other}");
        assertThat(ask(1)).isEqualTo("{\"y\":7.0} 2.0.0 reason=FALLBACK;rule=task;rev=2");
        serve("fallback: {answer: {y: 0.5}}");
        assertThat(ask(5)).isEqualTo("{\"y\":0.5} constant reason=FALLBACK;rule=constant;rev=3");
    }

    @Test
    void a_version_that_takes_too_long_is_replaced_while_the_caller_still_waits() throws Exception {
        serve("fallback: {version: 0.9.0}");
        core.configure(
                "inference: {t: {default_version: 1.0.0, limits: {timeout: 100ms}, fallback: {version: 0.9.0}}}");
        assertThat(ask(-9)).startsWith("{\"y\":9.0} 0.9.0 reason=FALLBACK");
        core.configure("inference: {t: {default_version: 1.0.0, fallback: {answer: {y: 0.5}}}}");
        assertThat(told(ask(-9, null, Duration.ofMillis(100)))).startsWith("{\"y\":0.5} constant");
    }

    @Test
    void a_fallback_that_fails_leaves_the_first_failure_as_the_answer() throws Exception {
        serve("fallback: {task: other}");
        assertThat(ask(3)).isEqualTo("module-failed 1.0.0 reason=DEFAULT;rev=2");
        assertThat(counted("patchbay.fallbacks")).isZero();
    }

    @Test
    void who_asks_for_a_version_gets_that_or_its_failure() throws Exception {
        serve("fallback: {version: 0.9.0}");
        assertThat(told(ask(1, "1.0.0", Duration.ofSeconds(10)))).isEqualTo("module-failed 1.0.0 reason=PINNED;rev=2");
    }

    @Test
    void an_experiment_sees_the_failure_of_its_version_and_not_the_answer_of_another() throws Exception {
        core.configure("""
                inference:
                  t:
                    default_version: 0.9.0
                    experiments: [{name: canary, rollout: 100, unit: request, version: 1.0.0}]
                    fallback: {version: 0.9.0}
                """);
        InferenceReply reply = ask(1, null, Duration.ofSeconds(10));
        assertThat(told(reply)).isEqualTo("{\"y\":9.0} 0.9.0 reason=FALLBACK;rule=version;rev=2");
        assertThat(reply.record().resolution())
                .extracting(Resolution::placements)
                .isEqualTo(List.of());
        assertThat(counted("patchbay.requests", "version", "1.0.0", "outcome", "module_error"))
                .isOne();
    }

    @Test
    void a_caller_who_leaves_during_the_second_attempt_is_not_answered() throws Exception {
        core.configure("inference: {t: {default_version: 1.0.0, limits: {timeout: 300ms}, retry: {attempts: 1}}}");
        CallContext context = CallContext.incoming("r", null, Duration.ofSeconds(30), TraceContext.from(null, null));
        var outcome = core.send("t", "{\"x\": -9}", context);
        Thread.sleep(400); // the first attempt is over, the second sleeps
        context.cancel().cancel();
        assertThat(LiveCore.said(outcome.get(5, TimeUnit.SECONDS))).startsWith("cancelled");
    }

    @Test
    void rules_that_choose_what_nobody_can_call_end_in_a_failure_and_not_in_a_search_without_end() throws Exception {
        serve("");
        core.router.ready(new ModuleKey("t", "3.0.0"));
        InferenceReply reply = ask(1, "3.0.0", Duration.ofSeconds(10));
        assertThat(told(reply)).startsWith("internal");
    }
}
