package dev.patchbay.core.statistics;

/// Checks that units were split as configured. If they were not, the sides are not comparable, whatever they show:
/// Fabijan et al. (2019), "Diagnosing sample ratio mismatch in online controlled experiments", KDD. Pearson's chi²
/// with one degree of freedom; the usual limit for an alarm is [#ALARM], low because one looks often.
public final class SampleRatio {

    /// Below this a mismatch is taken for real.
    public static final double ALARM = 0.001;

    private static final double[] COEFFICIENTS = {
        -1.26551223,
        1.00002368,
        0.37409196,
        0.09678418,
        -0.18628806,
        0.27886807,
        -1.13520398,
        1.48851587,
        -0.82215223,
        0.17087277
    };

    private SampleRatio() {}

    /// Gives the probability of a split at least as far from the expected one, if units are split as expected.
    ///
    /// @param share the expected share of the first side, between 0 and 1; at either end there is nothing to check
    public static double pValue(long first, long second, double share) {
        double n = first + second;
        if (n == 0 || share <= 0 || share >= 1) {
            return 1;
        }
        double off = first - n * share;
        double chi2 = off * off / (n * share * (1 - share));
        return complementaryError(Math.sqrt(chi2 / 2));
    }

    /// `erfc` for `x >= 0`, with a relative error below 1.2e-7: Press et al., "Numerical Recipes in C", section 6.2.
    private static double complementaryError(double x) {
        double t = 1 / (1 + 0.5 * x);
        double sum = 0;
        for (int i = COEFFICIENTS.length - 1; i >= 0; i--) {
            sum = sum * t + COEFFICIENTS[i];
        }
        return t * Math.exp(-x * x + sum);
    }
}
