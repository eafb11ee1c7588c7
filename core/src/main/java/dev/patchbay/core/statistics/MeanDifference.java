package dev.patchbay.core.statistics;

/// An interval of the difference of two means that may be looked at after every value.
///
/// The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central
/// limit theory and asymptotic confidence sequences", Annals of Statistics 52, theorem 2.2, for a difference as
/// GrowthBook uses it: with `N` values in all, standard error `se` and `rho` chosen so that the interval is narrowest
/// about `N* = 5,000` values,
/// `difference ± sqrt(N) se sqrt(2 (N rho² + 1) / (N² rho²) log(sqrt(N rho² + 1) / alpha))`.
///
/// It needs enough values for the central limit theorem; below [#LEAST] on either side nothing is said. For durations
/// take logarithms: their difference is the ratio of typical durations, and few outliers do not decide.
public final class MeanDifference {

    /// Values that each side needs.
    public static final int LEAST = 100;

    private static final double TUNED_FOR = 5_000;

    private MeanDifference() {}

    /// Gives the interval of `mean a - mean b`.
    ///
    /// @param alpha the chance that the interval ever misses the true difference
    public static Interval interval(Moments a, Moments b, double alpha) {
        if (a.count() < LEAST || b.count() < LEAST) {
            return Interval.UNKNOWN;
        }
        double n = a.count() + b.count();
        double error = Math.sqrt(a.variance() / a.count() + b.variance() / b.count());
        double bet = -2 * Math.log(alpha);
        double rho2 = (bet + Math.log(bet + 1)) / TUNED_FOR;
        double half = Math.sqrt(n)
                * error
                * Math.sqrt(2 * (n * rho2 + 1) / (n * n * rho2) * Math.log(Math.sqrt(n * rho2 + 1) / alpha));
        double difference = a.mean() - b.mean();
        return new Interval(difference - half, difference + half);
    }
}
