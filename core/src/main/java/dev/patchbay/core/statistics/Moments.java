package dev.patchbay.core.statistics;

/// Count, mean and variance of a series, without keeping it: Welford (1962), combined as in Chan, Golub, LeVeque
/// (1979). Immutable.
///
/// @param squares the sum of squared distances from the mean
public record Moments(long count, double mean, double squares) {

    /// An empty series.
    public static final Moments NONE = new Moments(0, 0, 0);

    /// Gives the series with one more value.
    public Moments plus(double value) {
        long n = count + 1;
        double off = value - mean;
        double next = mean + off / n;
        return new Moments(n, next, squares + off * (value - next));
    }

    /// Gives both series as one.
    public Moments plus(Moments other) {
        if (count == 0) {
            return other;
        }
        if (other.count == 0) {
            return this;
        }
        long n = count + other.count;
        double off = other.mean - mean;
        return new Moments(
                n, mean + off * other.count / n, squares + other.squares + off * off * count * other.count / n);
    }

    /// Gives the variance; 0 for fewer than two values.
    public double variance() {
        return count < 2 ? 0 : squares / (count - 1);
    }
}
