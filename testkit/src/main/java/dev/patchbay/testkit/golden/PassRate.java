package dev.patchbay.testkit.golden;

import java.util.Locale;

/// How often something went right, and what that says about how often it would.
///
/// The interval is that of [Wilson (1927)](https://doi.org/10.1080/01621459.1927.10502953) for a confidence of
/// 95 %, which is right also for few runs and for shares near 0 and 1.
record PassRate(int passed, int runs) {

    private static final double Z = 1.959963984540054;

    double share() {
        return (double) passed / runs;
    }

    double low() {
        return Math.max(0, middle() - reach());
    }

    double high() {
        return Math.min(1, middle() + reach());
    }

    private double middle() {
        return (share() + Z * Z / (2 * runs)) / (1 + Z * Z / runs);
    }

    private double reach() {
        return Z
                / (1 + Z * Z / runs)
                * Math.sqrt(share() * (1 - share()) / runs + Z * Z / (4.0 * runs * (double) runs));
    }

    /// Gives the number of runs of which all must pass to prove a share.
    static int runsToProve(double share) {
        return (int) Math.ceil(Z * Z * share / (1 - share));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d of %d runs passed: %.1f %%; with 95 %% confidence it passes %.1f to %.1f %% of the time",
                passed,
                runs,
                100 * share(),
                100 * low(),
                100 * high());
    }
}
