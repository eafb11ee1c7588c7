package dev.patchbay.core.rollout;

import dev.patchbay.core.config.GuardConfig;
import dev.patchbay.core.statistics.CrashBreaker;
import dev.patchbay.core.statistics.ErrorShareTest;
import dev.patchbay.core.statistics.Interval;
import dev.patchbay.core.statistics.MeanDifference;
import dev.patchbay.core.statistics.Moments;
import dev.patchbay.core.statistics.SampleRatio;
import dev.patchbay.core.statistics.Verdict;
import dev.patchbay.core.statistics.Wilson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Judges one experiment: the canary against the control that answered at the same time.
///
/// | finding | FAIL | HOLD | PASS |
/// |---|---|---|---|
/// | errors | the e-value reaches `metrics / alpha`, or the breaker trips | | the failure rate is at most `tolerance`
/// higher, with 95 % confidence |
/// | latency (if limited) | all of the interval is above the limit | | all of it is below |
/// | an outcome (if guarded) | all of the interval is worse than the control | | at most 5 % worse |
/// | refusals | | the canary refuses requests that the control takes | |
/// | sample ratio | | units are not split as configured | |
///
/// What is neither is INCONCLUSIVE. With several metrics each gets its part of `alpha`, so that a healthy canary is
/// taken away with a probability of at most `alpha`, however long it runs. Pure: it knows no clock and no call. Not
/// safe for threads.
public final class Guard {

    /// One side of an experiment in one period.
    ///
    /// @param calls answered or failed; neither refused as wrong requests nor cancelled by the caller
    /// @param errors the failed ones among them
    /// @param freshCalls the calls of units that had not failed before
    /// @param freshErrors units that failed for the first time
    /// @param refused calls refused as not fitting the schema, beside `calls`
    /// @param latency the logarithm of the nanoseconds inside the module, of answered calls
    public record Side(long calls, long errors, long freshCalls, long freshErrors, long refused, Moments latency) {

        /// Nothing happened.
        public static final Side NONE = new Side(0, 0, 0, 0, 0, Moments.NONE);

        Side plus(Side more) {
            return new Side(
                    calls + more.calls,
                    errors + more.errors,
                    freshCalls + more.freshCalls,
                    freshErrors + more.freshErrors,
                    refused + more.refused,
                    latency.plus(more.latency));
        }
    }

    /// Evidence at which a person should look at refusals; they end nothing.
    private static final double REFUSALS = 100;

    private static final double ONE_SIDED_95 = 1.6448536269514722;
    private static final double OUTCOME_TOLERANCE = 0.05;

    private final GuardConfig settings;
    private final ErrorShareTest errors = new ErrorShareTest();
    private final ErrorShareTest refusals = new ErrorShareTest();
    private final CrashBreaker breaker = new CrashBreaker();
    private final Map<String, Moments[]> outcomes = new TreeMap<>();
    private Side canary = Side.NONE;
    private Side control = Side.NONE;
    private double splitChance = 1;
    private String split = "too few units to check the split";

    /// Begins with no evidence.
    public Guard(GuardConfig settings) {
        this.settings = settings;
    }

    /// Adds what happened on both sides in a period of a few seconds at most.
    public void add(Side canaryNow, Side controlNow) {
        canary = canary.plus(canaryNow);
        control = control.plus(controlNow);
        errors.add(canaryNow.freshCalls, canaryNow.freshErrors, controlNow.freshCalls, controlNow.freshErrors);
        refusals.add(
                canaryNow.calls + canaryNow.refused,
                canaryNow.refused,
                controlNow.calls + controlNow.refused,
                controlNow.refused);
        if (canaryNow.calls > 0) {
            breaker.add(canaryNow.calls, canaryNow.errors, controlNow.calls, controlNow.errors);
        }
    }

    /// Adds one outcome that was told of an answer.
    ///
    /// @param higherIsBetter whether a higher value is better
    public void outcome(String name, double value, boolean ofCanary, boolean higherIsBetter) {
        Moments[] sides = outcomes.computeIfAbsent(name, n -> new Moments[] {Moments.NONE, Moments.NONE});
        int side = ofCanary ? 0 : 1;
        sides[side] = sides[side].plus(higherIsBetter ? value : -value);
    }

    /// Sets how many units were seen on each side since the percentage last changed.
    ///
    /// @param share the configured share of the canary, from 0 to 1
    public void split(long canaryUnits, long controlUnits, double share) {
        splitChance = SampleRatio.pValue(canaryUnits, controlUnits, share);
        split = "%d of %d units are in the canary, %.1f %% are configured"
                .formatted(canaryUnits, canaryUnits + controlUnits, share * 100);
    }

    /// Gives everything that was seen of the canary.
    public Side canary() {
        return canary;
    }

    /// Gives everything that was seen of the control.
    public Side control() {
        return control;
    }

    /// Judges by all evidence so far.
    public Judgement judge() {
        List<Finding> findings = new ArrayList<>();
        findings.add(judgeErrors());
        findings.add(judgeLatency());
        outcomes.keySet().stream().map(this::judgeOutcome).forEach(findings::add);
        for (String awaited : settings.outcomes()) {
            if (!outcomes.containsKey(awaited)) {
                findings.add(judgeOutcome(awaited));
            }
        }
        findings.add(judgeRefusals());
        findings.add(judgeSplit());
        return Judgement.of(findings);
    }

    private double alpha() {
        return settings.alpha() / settings.metrics();
    }

    private Finding judgeErrors() {
        double evidence = errors.evidence();
        double limit = 1 / alpha();
        Interval difference =
                Wilson.difference(canary.errors, canary.calls, control.errors, control.calls, ONE_SIDED_95);
        String counts = "%d of %d calls failed, %d of %d in the control"
                .formatted(canary.errors, canary.calls, control.errors, control.calls);
        Verdict verdict;
        String words;
        if (breaker.tripped()) {
            verdict = Verdict.FAIL;
            words = "%d of its latest %d calls failed".formatted(breaker.errors(), breaker.calls());
        } else if (evidence >= limit) {
            verdict = Verdict.FAIL;
            words = "it fails more often than the control: " + counts;
        } else if (control.calls == 0) {
            verdict = Verdict.INCONCLUSIVE;
            words = "no control answered at the same time: " + counts;
        } else if (difference.high() <= settings.errorTolerance()) {
            verdict = Verdict.PASS;
            words = "it fails as rarely as the control: " + counts;
        } else {
            verdict = Verdict.INCONCLUSIVE;
            words = "too few calls to tell: " + counts;
        }
        return new Finding("errors", verdict, true, words, evidence, difference.low(), difference.high(), limit);
    }

    private Finding judgeLatency() {
        Double limit = settings.latencyLimit();
        Interval interval = MeanDifference.interval(canary.latency, control.latency, alpha())
                .map(Math::exp);
        double ratio = Math.exp(canary.latency.mean() - control.latency.mean());
        boolean known = !Double.isInfinite(interval.high());
        Verdict verdict = Verdict.INCONCLUSIVE;
        if (limit != null && known) {
            verdict = interval.low() > limit
                    ? Verdict.FAIL
                    : interval.high() <= limit ? Verdict.PASS : Verdict.INCONCLUSIVE;
        }
        String words = known
                ? "its module takes %.2f times as long as the control's (%.2f to %.2f)%s"
                        .formatted(
                                ratio,
                                interval.low(),
                                interval.high(),
                                limit == null ? "" : ", %.2f is the limit".formatted(limit))
                : "too few calls to compare the time in the module";
        return new Finding(
                "latency",
                verdict,
                limit != null,
                words,
                known ? ratio : 1,
                known ? interval.low() : null,
                known ? interval.high() : null,
                limit);
    }

    private Finding judgeOutcome(String name) {
        Moments[] sides = outcomes.getOrDefault(name, new Moments[] {Moments.NONE, Moments.NONE});
        Interval interval = MeanDifference.interval(sides[0], sides[1], alpha());
        double difference = sides[0].mean() - sides[1].mean();
        double tolerated = -OUTCOME_TOLERANCE * Math.abs(sides[1].mean());
        boolean known = !Double.isInfinite(interval.high());
        Verdict verdict = !known
                ? Verdict.INCONCLUSIVE
                : interval.high() < 0
                        ? Verdict.FAIL
                        : interval.low() >= tolerated ? Verdict.PASS : Verdict.INCONCLUSIVE;
        String words = known
                ? "outcome %s is %+.4f against the control (%+.4f to %+.4f)"
                        .formatted(name, difference, interval.low(), interval.high())
                : "too little feedback on outcome %s: %d and %d values"
                        .formatted(name, sides[0].count(), sides[1].count());
        return new Finding(
                name,
                verdict,
                settings.outcomes().contains(name),
                words,
                difference,
                known ? interval.low() : null,
                known ? interval.high() : null,
                known ? tolerated : null);
    }

    private Finding judgeRefusals() {
        double evidence = refusals.evidence();
        boolean odd = evidence >= REFUSALS;
        String words = odd
                ? "it refuses requests as not fitting its schema more often than the control: %d against %d"
                        .formatted(canary.refused, control.refused)
                : "it refuses no more requests than the control: %d against %d"
                        .formatted(canary.refused, control.refused);
        return new Finding("refusals", odd ? Verdict.HOLD : Verdict.PASS, true, words, evidence, null, null, REFUSALS);
    }

    private Finding judgeSplit() {
        boolean odd = splitChance < SampleRatio.ALARM;
        return new Finding(
                "sample_ratio",
                odd ? Verdict.HOLD : Verdict.PASS,
                true,
                String.format(Locale.ROOT, odd ? "units are not split as configured: %s" : "%s", split),
                splitChance,
                null,
                null,
                SampleRatio.ALARM);
    }
}
