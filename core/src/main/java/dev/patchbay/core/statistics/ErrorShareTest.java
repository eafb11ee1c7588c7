package dev.patchbay.core.statistics;

/// Tests, while calls come in, whether a canary fails more often than the control that serves at the same time.
///
/// The idea: if both fail equally often, the canary's share of the *errors* is its share of the *calls*. Only errors
/// carry evidence, so that the base rate need not be known and may change during the day.
///
/// For each period with `n` canary and `m` control calls and `k` errors, of which `x` are the canary's, the share of
/// calls is `s = n / (n + m)`. Under "the canary fails `r` times as often" an error is the canary's with probability
/// `p = r s / (r s + 1 - s)`. The likelihood ratio `(p/s)^x ((1-p)/(1-s))^(k-x)` has an expectation of at most 1 if
/// the canary is no worse: errors are drawn from the calls without replacement, which is dominated by drawing with
/// replacement for every convex function (Hoeffding 1963, "Probability inequalities for sums of bounded random
/// variables", JASA 58, theorem 4), and a canary that is better only lowers it. The product over periods is a test
/// supermartingale, as is the mean over several `r` (a mixture, as in Robbins 1970). By Ville's inequality (1939) it
/// ever reaches `1 / alpha` with probability at most `alpha`. The value is an *e-value* (Shafer, Vovk 2019,
/// "Game-Theoretic Foundations for Probability and Finance"): the evidence of a bet against the canary, where 1 is
/// none and 100 is what one false alarm in a hundred would look like.
///
/// Because `s` is taken anew in each period, evidence is kept when a rollout changes its percentage.
///
/// Periods must be short against changes of traffic, some seconds. Errors of one period must not depend on each
/// other: count a caller whose every call fails once, not each time.
public final class ErrorShareTest {

    /// How many times as often the canary may fail: from hardly worse to hopeless. The mixture gives each the same
    /// weight; finer or wider grids change the delay by less than one error.
    private static final double[] RATIOS = {1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128};

    private final double[] logRatios = new double[RATIOS.length];

    /// Adds a period. Periods without errors, or with calls of one side only, are no evidence.
    ///
    /// @param canaryErrors at most `canaryCalls`
    /// @param controlErrors at most `controlCalls`
    public void add(long canaryCalls, long canaryErrors, long controlCalls, long controlErrors) {
        if (canaryCalls == 0 || controlCalls == 0 || canaryErrors + controlErrors == 0) {
            return;
        }
        double share = (double) canaryCalls / (canaryCalls + controlCalls);
        for (int i = 0; i < RATIOS.length; i++) {
            double p = RATIOS[i] * share / (RATIOS[i] * share + 1 - share);
            logRatios[i] += canaryErrors * Math.log(p / share) + controlErrors * Math.log((1 - p) / (1 - share));
        }
    }

    /// Gives the evidence against the canary so far, as an e-value.
    public double evidence() {
        double most = Double.NEGATIVE_INFINITY;
        for (double ratio : logRatios) {
            most = Math.max(most, ratio);
        }
        double sum = 0;
        for (double ratio : logRatios) {
            sum += Math.exp(ratio - most);
        }
        return Math.exp(Math.min(most, 600)) * sum / RATIOS.length;
    }

    /// Tells whether the evidence is enough for a chance of false alarms of at most `alpha`.
    public boolean rejects(double alpha) {
        return evidence() >= 1 / alpha;
    }
}
