package dev.patchbay.core.statistics;

/// A range in which a value lies with the confidence that was asked for.
public record Interval(double low, double high) {

    /// Everything is possible.
    public static final Interval UNKNOWN = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /// Tells whether a value is inside.
    public boolean contains(double value) {
        return value >= low && value <= high;
    }

    /// Gives the range on another scale.
    ///
    /// @param scale must not turn the order round
    public Interval map(java.util.function.DoubleUnaryOperator scale) {
        return new Interval(scale.applyAsDouble(low), scale.applyAsDouble(high));
    }
}
