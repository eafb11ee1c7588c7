package dev.patchbay.core.rollout;

import dev.patchbay.core.config.Experiment;
import dev.patchbay.core.config.ExperimentPlan;
import dev.patchbay.core.config.GuardConfig;
import dev.patchbay.core.config.RolloutOverride;
import dev.patchbay.core.routing.Placement;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.statistics.Verdict;
import dev.patchbay.core.telemetry.CallRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One experiment while it runs: its evidence, its share and when it got it. Calls are taken on any thread; all else
/// happens under the lock of [Rollouts].
final class Rollout {

    /// A step without calls proves nothing: the canary needs this many before it goes on.
    private static final long CALLS_OF_A_STEP = 20;

    static final double WHOLE = 100_000;

    final String task;
    final String version;
    final @Nullable String control;
    private final Evidence evidence;
    private final RolloutHistory history = new RolloutHistory();
    private volatile Experiment experiment;
    private Judgement judgement;
    private long share;
    private Instant since;
    private long callsBefore;
    private Verdict told = Verdict.INCONCLUSIVE;

    Rollout(String task, Experiment experiment, String version, @Nullable String control, Instant now) {
        this.task = task;
        this.version = version;
        this.control = control;
        this.experiment = experiment;
        this.evidence = new Evidence(experiment.plan().guard());
        this.share = shareOf(experiment);
        this.since = sinceOf(experiment, now);
        this.judgement = evidence.judge(share / WHOLE);
    }

    /// Tells whether the evidence is still about what the config now says.
    boolean isStill(Experiment other, String itsVersion, @Nullable String itsControl) {
        boolean lifted =
                isHalted() && (other.override() == null || !other.override().halted());
        return !lifted
                && version.equals(itsVersion)
                && Objects.equals(control, itsControl)
                && experiment.plan().guard().equals(other.plan().guard());
    }

    void update(Experiment other, Instant now) {
        experiment = other;
        if (shareOf(other) != share) {
            share = shareOf(other);
            since = sinceOf(other, now);
            callsBefore = evidence.canary().calls();
            evidence.shareChanged();
        }
    }

    private static long shareOf(Experiment experiment) {
        return experiment.rollout() == null ? 0 : experiment.rollout();
    }

    private static Instant sinceOf(Experiment experiment, Instant now) {
        RolloutOverride override = experiment.override();
        return override == null ? now : override.since();
    }

    void take(Placement placement, Resolution resolution, CallRecord call) {
        boolean compared = placement.inside()
                ? placement.rule().equals(resolution.rule()) && version.equals(resolution.version())
                : resolution.reason() == Reason.DEFAULT && resolution.version().equals(control);
        evidence.add(placement.unit(), placement.inside(), compared, call);
    }

    void outcome(String name, double value, boolean ofCanary, boolean higherIsBetter) {
        evidence.outcome(name, value, ofCanary, higherIsBetter);
    }

    Judgement judge(Instant now) {
        if (!isHalted()) {
            judgement = evidence.judge(share / WHOLE);
            Guard.Side canarySide = evidence.canary();
            Guard.Side controlSide = evidence.control();
            history.add(new RolloutHistory.Point(
                    now,
                    share,
                    canarySide.calls(),
                    canarySide.errors(),
                    controlSide.calls(),
                    controlSide.errors(),
                    value("errors"),
                    value("latency"),
                    judgement.verdict()));
        }
        return judgement;
    }

    private double value(String metric) {
        return judgement.findings().stream()
                .filter(finding -> finding.metric().equals(metric))
                .mapToDouble(Finding::value)
                .findFirst()
                .orElse(1);
    }

    /// Tells whether the verdict is another than when it was last told, and remembers that it is told now.
    boolean isNews() {
        boolean news = told != judgement.verdict();
        told = judgement.verdict();
        return news;
    }

    boolean isHalted() {
        RolloutOverride override = experiment.override();
        return override != null && override.halted();
    }

    boolean isPaused() {
        RolloutOverride override = experiment.override();
        return override != null && override.paused() && override.version().equals(experiment.version());
    }

    Experiment experiment() {
        return experiment;
    }

    long share() {
        return share;
    }

    Instant since() {
        return since;
    }

    /// The next share of the plan; null if there is none.
    @Nullable
    Long next() {
        if (isHalted()) {
            return null;
        }
        return experiment.plan().steps().stream()
                .filter(step -> step > share)
                .findFirst()
                .orElse(null);
    }

    /// Tells whether it may take its next step by itself now.
    boolean isReadyForMore(Instant now) {
        return next() != null
                && !isPaused()
                && !isHalted()
                && experiment.plan().guard().mode() != GuardConfig.Mode.OFF
                && judgement.verdict() == Verdict.PASS
                && !now.isBefore(since.plus(experiment.plan().bake()))
                && evidence.canary().calls() - callsBefore >= CALLS_OF_A_STEP;
    }

    RolloutStatus status() {
        ExperimentPlan plan = experiment.plan();
        Duration bake = plan.bake();
        Long next = next();
        boolean byItself =
                next != null && !isPaused() && !isHalted() && plan.guard().mode() != GuardConfig.Mode.OFF;
        RolloutStatus.State state = isHalted()
                ? RolloutStatus.State.HALTED
                : isPaused()
                        ? RolloutStatus.State.PAUSED
                        : !plan.steps().isEmpty() && next == null
                                ? RolloutStatus.State.COMPLETE
                                : RolloutStatus.State.RUNNING;
        return new RolloutStatus(
                task,
                experiment.name(),
                version,
                control,
                share,
                List.copyOf(plan.steps()),
                state,
                plan.guard().mode(),
                since,
                next,
                byItself ? since.plus(bake) : null,
                experiment.override(),
                judgement,
                evidence.canary(),
                evidence.control(),
                evidence.canaryShare(),
                history.points());
    }
}
