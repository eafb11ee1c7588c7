package dev.patchbay.testkit.load;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What a load run measured.
///
/// @param latencies in nanoseconds
/// @param seconds the same, second by second
/// @param answered calls that got an answer
/// @param errors code → number of calls
/// @param elapsedNanos from the first call to the last answer
/// @param allocatedPerCall bytes, in the module and the gateway together
/// @param heapGrowth bytes between before and after, each after a collection
/// @param others share of all processors that other processes took meanwhile; 0 if the system does not tell
record LoadResult(
        Histogram latencies,
        List<Histogram> seconds,
        long answered,
        Map<String, Long> errors,
        long elapsedNanos,
        long allocatedPerCall,
        long heapGrowth,
        double others) {

    long failed() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    double perSecond() {
        return answered * 1e9 / elapsedNanos;
    }

    double millis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }
}
