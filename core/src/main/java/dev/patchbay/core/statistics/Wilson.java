package dev.patchbay.core.statistics;

/// Intervals of shares, right also for few trials and for shares of 0 and 1.
///
/// Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22; for differences
/// Newcombe (1998), "Interval estimation for the difference between independent proportions", Statistics in Medicine
/// 17, method 10. They are for one look at the data, not for a look after every call.
public final class Wilson {

    /// The normal quantile of intervals that hold in 95 of 100 cases.
    public static final double Z95 = 1.959963984540054;

    private Wilson() {}

    /// Gives the 95 % interval of a share.
    ///
    /// @param successes at most `trials`
    public static Interval share(long successes, long trials) {
        return share(successes, trials, Z95);
    }

    /// Gives the interval of a share.
    ///
    /// @param z the two-sided normal quantile of the confidence
    public static Interval share(long successes, long trials, double z) {
        if (trials == 0) {
            return new Interval(0, 1);
        }
        double n = trials;
        double p = successes / n;
        double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
        double half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
    }

    /// Gives the interval of `share a - share b`.
    public static Interval difference(long successesA, long trialsA, long successesB, long trialsB, double z) {
        if (trialsA == 0 || trialsB == 0) {
            return new Interval(-1, 1);
        }
        double a = (double) successesA / trialsA;
        double b = (double) successesB / trialsB;
        Interval ofA = share(successesA, trialsA, z);
        Interval ofB = share(successesB, trialsB, z);
        double below = Math.hypot(a - ofA.low(), ofB.high() - b);
        double above = Math.hypot(ofA.high() - a, b - ofB.low());
        return new Interval(a - b - below, a - b + above);
    }
}
