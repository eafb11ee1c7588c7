package dev.patchbay.core.statistics;

/// Checks that units were split as configured. If they were not, the sides are not comparable, whatever they show:
/// Fabijan et al. (2019), "Diagnosing sample ratio mismatch in online controlled experiments", KDD.
///
/// One looks again with every unit, so that the test must hold however often one looks. The evidence is the likelihood
/// of the units under shares that are spread around the expected one, a Beta distribution with the weight of
/// [#WEIGHT] units, over their likelihood under the expected share itself (Lindon, Malek 2022, "Anytime-valid inference
/// for multinomial count data", NeurIPS). That is a martingale if the split is right; by Ville's inequality (1939) its
/// reciprocal ever falls to `p` with probability at most `p`. Few units are never much evidence.
public final class SampleRatio {

    /// Below this a mismatch is taken for real.
    public static final double ALARM = 0.001;

    private static final double WEIGHT = 100;
    /// From here on Stirling's series is exact to ten digits.
    private static final double LARGE = 10;

    private SampleRatio() {}

    /// Gives a probability that stays above any limit `p`, however often it is asked for while units come, with a
    /// chance
    /// of at least `1 - p`, if units are split as expected.
    ///
    /// @param share the expected share of the first side, between 0 and 1; at either end there is nothing to check
    public static double pValue(long first, long second, double share) {
        if (share <= 0 || share >= 1) {
            return 1;
        }
        double a = WEIGHT * share;
        double b = WEIGHT * (1 - share);
        double evidence =
                logBeta(a + first, b + second) - logBeta(a, b) - first * Math.log(share) - second * Math.log1p(-share);
        return Math.min(1, Math.exp(-evidence));
    }

    private static double logBeta(double a, double b) {
        return logGamma(a) + logGamma(b) - logGamma(a + b);
    }

    /// Stirling's series, Abramowitz and Stegun (1964), 6.1.41, after 6.1.15 has made its argument large.
    private static double logGamma(double x) {
        double shifted = x;
        double product = 1;
        while (shifted < LARGE) {
            product *= shifted;
            shifted++;
        }
        double inverse = 1 / (shifted * shifted);
        double series = (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse / 1680))) / shifted;
        return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
    }
}
