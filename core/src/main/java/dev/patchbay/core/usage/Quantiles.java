package dev.patchbay.core.usage;

import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/// Quantiles of durations, in microseconds, right within 1 %.
///
/// @param count how many durations there were; all others are 0 if there were none
public record Quantiles(long count, double p50, double p95, double p99, double max) {

    static Quantiles of(@Nullable AbstractHistogram histogram) {
        if (histogram == null || histogram.getTotalCount() == 0) {
            return new Quantiles(0, 0, 0, 0, 0);
        }
        return new Quantiles(
                histogram.getTotalCount(),
                micros(histogram.getValueAtPercentile(50)),
                micros(histogram.getValueAtPercentile(95)),
                micros(histogram.getValueAtPercentile(99)),
                micros(histogram.getMaxValue()));
    }

    private static double micros(long units) {
        return units * Period.UNIT_NANOS / 1_000.0;
    }
}
