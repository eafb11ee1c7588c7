package dev.patchbay.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.MemoryRevisions;
import dev.patchbay.core.config.RevisionStore;
import dev.patchbay.core.config.VersionCatalog;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.rollout.RolloutStatus.State;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.statistics.Verdict;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Experiments go on, stop and stay stopped, with real routing and real config and a clock of the test's own.
class RolloutsTest {

    private static final String STEPS = """
            inference:
              score:
                default_version: "1.0.0"
                experiments:
                  - {name: canary, steps: [10, 50, 100], bake: 10m, unit: id, version: "2.0.0", guard: {%s}}
            """;

    private static final Outcome OK = new Outcome.Answer(new byte[0]);
    private static final Outcome FAILED = new Outcome.Failure(new InferenceException(ErrorCode.MODULE_FAILED, "no"));
    private static final Outcome REFUSED = new Outcome.Failure(new InferenceException(ErrorCode.INVALID_REQUEST, "no"));

    private final RevisionStore store = new MemoryRevisions();
    private final Passing clock = new Passing();
    private final EventLog events = new EventLog(clock);
    private final Router router = new Router();
    private ConfigControl config = control();
    private Rollouts rollouts = new Rollouts(config, events, clock);

    private ConfigControl control() {
        return new ConfigControl(store, new AllReady(), router::activate, clock);
    }

    @BeforeEach
    void ready() {
        for (String version : Set.of("1.0.0", "2.0.0", "3.0.0")) {
            router.ready(new ModuleKey("score", version));
        }
        config.start(STEPS.formatted("mode: rollback"), "test");
    }

    @AfterEach
    void close() {
        rollouts.close();
    }

    @Test
    void aCanaryThatPassesTakesEachStepWhenItsTimeIsOver() {
        assertThat(status().share()).isEqualTo(10_000);
        minutes(9, 600, (version, unit) -> OK);
        assertThat(status().judgement().verdict()).isEqualTo(Verdict.PASS);
        assertThat(status().share()).isEqualTo(10_000);
        minutes(2, 600, (version, unit) -> OK);
        assertThat(status().share()).isEqualTo(50_000);
        assertThat(status().override()).isNotNull();
        minutes(8, 600, (version, unit) -> OK);
        assertThat(status().share()).isEqualTo(50_000);
        minutes(2, 600, (version, unit) -> OK);
        assertThat(status().share()).isEqualTo(100_000);
        assertThat(status().state()).isEqualTo(State.COMPLETE);
        assertThat(config.active().author()).isEqualTo("guard");
        assertThat(config.active().source()).isEqualTo("rollout");
    }

    @Test
    void whatIsInconclusiveNeverGoesOn() {
        minutes(300, 2, (version, unit) -> OK);
        assertThat(status().canarySide().calls()).isLessThan(300);
        assertThat(status().judgement().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(status().share()).isEqualTo(10_000);
    }

    @Test
    void aStepWithoutCallsProvesNothing() {
        minutes(9, 500, (version, unit) -> OK);
        assertThat(status().judgement().verdict()).isEqualTo(Verdict.PASS);
        rollouts.promote("score", null, null, "ana", "earlier");
        minutes(120, 0, (version, unit) -> OK);
        assertThat(status().share()).isEqualTo(50_000);
    }

    @Test
    void aPausedCanaryStaysWhereItIs() {
        rollouts.pause("score", "canary", "ana", "weekend");
        minutes(30, 300, (version, unit) -> OK);
        assertThat(status().share()).isEqualTo(10_000);
        assertThat(status().state()).isEqualTo(State.PAUSED);
        rollouts.resume("score", "canary", "ana", "monday");
        minutes(1, 300, (version, unit) -> OK);
        assertThat(status().share()).isEqualTo(50_000);
    }

    @Test
    void aCanaryThatFailsOftenIsTakenAwayAndStaysAwayAfterARestart() {
        minutes(2, 300, (version, unit) -> version.equals("2.0.0") && unit % 10 == 0 ? FAILED : OK);
        assertThat(status().state()).isEqualTo(State.HALTED);
        assertThat(status().canarySide().errors()).isLessThanOrEqualTo(10);
        assertThat(events.since(0)).extracting(EventLog.Event::kind).contains("rollout-halted");

        rollouts.close();
        config = control();
        rollouts = new Rollouts(config, events, clock);
        config.start(STEPS.replace("[10, 50, 100]", "[20, 100]").formatted("mode: rollback"), "test");
        assertThat(status().state()).isEqualTo(State.HALTED);
        for (int unit = 0; unit < 1_000; unit++) {
            assertThat(resolve(unit).version()).isEqualTo("1.0.0");
        }
        rollouts.acknowledge("score", null, "ana", "fixed upstream");
        assertThat(status().state()).isEqualTo(State.RUNNING);
        assertThat(status().share()).isEqualTo(20_000);
        assertThat(status().canarySide().calls()).isZero();
    }

    @Test
    void aHaltOutlivesItsExperimentAndCanBeLiftedWithoutIt() {
        rollouts.abort("score", null, "ana", "wrong scores");
        config.fileSaved("inference: {score: {default_version: \"1.0.0\"}}", "test");
        assertThat(config.status().problems()).isEmpty();
        assertThat(rollouts.status()).isEmpty();
        config.fileSaved("inference: {score: {default_version: \"2.0.0\"}}", "test");
        assertThat(config.status().problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).contains("version 2.0.0 was taken away by ana", "wrong scores"));
        assertThat(rollouts.acknowledge("score", "canary", "ana", "it was the labels"))
                .isEmpty();
        config.fileSaved("inference: {score: {default_version: \"2.0.0\"} } ", "test");
        assertThat(resolve(1).version()).isEqualTo("2.0.0");
        assertThat(config.status().drift()).isEmpty();
    }

    @Test
    void aFileThatWasChangedWhileTheGatewayWasDownUndoesNothing() {
        rollouts.abort("score", null, "ana", "wrong scores");
        rollouts.close();
        config = control();
        rollouts = new Rollouts(config, events, clock);
        config.start("inference: {score: {default_version: \"2.0.0\"}}", "test");
        assertThat(resolve(1).version()).isEqualTo("1.0.0");
        assertThat(config.status().problems()).hasSize(1);
    }

    @Test
    void aShareIsForgottenWithItsExperiment() {
        rollouts.promote("score", null, 50_000L, "ana", "why");
        config.fileSaved("inference: {score: {default_version: \"1.0.0\"}}", "test");
        config.fileSaved(STEPS.formatted("mode: rollback"), "test");
        assertThat(status().share()).isEqualTo(10_000);
    }

    @Test
    void aGuardOfAnOutcomeThatIsNoneIsRefused() {
        config.fileSaved(STEPS.formatted("outcomes: [acepted]") + "    outcomes: {accepted: higher}\n", "test");
        assertThat(config.status().problems())
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.message())
                                .isEqualTo(
                                        "experiment 'canary' guards the outcome 'acepted', which is not under outcomes. Did you mean 'accepted'?"));
    }

    @Test
    void oneUnitWhoseEveryCallFailsSaysNothingAboutTheVersion() {
        int unlucky = 0;
        while (!resolve(unlucky).version().equals("2.0.0")) {
            unlucky++;
        }
        int bad = unlucky;
        minutes(60, 300, (version, unit) -> unit == bad ? FAILED : OK);
        assertThat(status().canarySide().errors()).isGreaterThan(10);
        assertThat(status().state()).isNotEqualTo(State.HALTED);
    }

    @Test
    void aCanaryThatRefusesWhatTheControlTakesIsHeld() {
        minutes(30, 300, (version, unit) -> version.equals("2.0.0") && unit % 4 == 0 ? REFUSED : OK);
        assertThat(status().judgement().verdict()).isEqualTo(Verdict.HOLD);
        assertThat(status().share()).isEqualTo(10_000);
        assertThat(status().canarySide().errors()).isZero();
        assertThat(events.since(0)).extracting(EventLog.Event::kind).contains("rollout-hold");
    }

    @Test
    void aSlowerCanaryIsTakenAwayOnlyIfItsTimeIsLimited() {
        Duration slow = Duration.ofMillis(40);
        minutes(10, 300, (version, unit) -> OK, slow);
        assertThat(status().state()).isEqualTo(State.RUNNING);
        config.fileSaved(STEPS.formatted("latency: 50"), "test");
        minutes(10, 300, (version, unit) -> OK, slow);
        assertThat(status().state()).isEqualTo(State.HALTED);
        assertThat(status().judgement().words()).contains("times as long as the control's", "1.50 is the limit");
    }

    @Test
    void aMistakeOfAPersonIsToldInWords() {
        refused("no_such_task", null, ErrorCode.UNKNOWN_TASK, "Task 'no_such_task' has no experiment with a share");
        refused(
                "score",
                "canry",
                ErrorCode.INVALID_REQUEST,
                "is 'canry', which is no experiment of 'score' with a share. There are: canary");
        assertThatThrownBy(() -> rollouts.acknowledge("score", null, "ana", "why"))
                .hasMessageContaining("is not halted; there is nothing to acknowledge");
        assertThatThrownBy(() -> rollouts.promote("score", null, 100_001L, "ana", "why"))
                .hasMessageContaining("is a percentage above 0 and up to 100");
    }

    private void refused(
            String task, @org.jspecify.annotations.Nullable String experiment, ErrorCode code, String words) {
        assertThatThrownBy(() -> rollouts.abort(task, experiment, "ana", "why"))
                .isInstanceOfSatisfying(
                        InferenceException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    private RolloutStatus status() {
        return rollouts.status().getFirst();
    }

    private Resolution resolve(int unit) {
        return router.resolve(new RouteQuery(
                "score", null, null, "r", JsonNodeFactory.instance.objectNode(), Map.of("id", "unit-" + unit)));
    }

    private void minutes(int minutes, int callsEach, BiFunction<String, Integer, Outcome> world) {
        minutes(minutes, callsEach, world, Duration.ofMillis(10));
    }

    private void minutes(int minutes, int callsEach, BiFunction<String, Integer, Outcome> world, Duration canaryTakes) {
        rollouts.tick();
        double due = 0;
        for (int second = 0; second < minutes * 60; second += 2) {
            for (due += callsEach / 30.0; due >= 1; due--) {
                int unit = clock.calls++ * 7919 % 997;
                Resolution resolution = resolve(unit);
                Duration takes = resolution.version().equals("2.0.0") ? canaryTakes : Duration.ofMillis(10);
                rollouts.finished(call(resolution, world.apply(resolution.version(), unit), takes));
            }
            clock.now = clock.now.plusSeconds(2);
            rollouts.tick();
        }
    }

    private CallRecord call(Resolution resolution, Outcome outcome, Duration takes) {
        CallContext context = CallContext.incoming("r", null, Duration.ofSeconds(1), TraceContext.from(null, null));
        // durations differ a little, as they do
        long inside = takes.toNanos() + (clock.calls % 100) * takes.toNanos() / 1_000;
        CallTimings timings = CallTimings.of(context.arrived(), 1_000, 1_000, 0, inside, 1_000, 1_000);
        return new CallRecord(context, "score", resolution, outcome, timings, null, context.arrived() + inside);
    }

    /// Every version there is can be called.
    private static final class AllReady implements VersionCatalog {
        @Override
        public Set<String> versions(String task) {
            return Set.of("1.0.0", "2.0.0", "3.0.0");
        }

        @Override
        public Progress progress(ModuleKey key) {
            return new Progress.Ready();
        }

        @Override
        public Set<String> sections() {
            return Set.of();
        }

        @Override
        public void checkSections(GatewayConfig config) {}

        @Override
        public Prepared prepare(GatewayConfig config) {
            return new Prepared() {
                @Override
                public void commit() {}

                @Override
                public void abandon() {}
            };
        }

        @Override
        public void onChange(Runnable listener) {}
    }

    private static final class Passing extends Clock {
        private Instant now = Instant.parse("2026-03-01T10:00:00Z");
        private int calls;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
