package dev.patchbay.bench.load;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What a run saw; latencies in microseconds, counted from when a call was due.
///
/// @param latencies every latency, in nanoseconds
/// @param gap the longest time in which no answer came on any connection, in microseconds
public record LoadReport(
        long answers,
        long failures,
        long connectionFailures,
        double seconds,
        double perSecond,
        double p50,
        double p95,
        double p99,
        double max,
        double gap,
        Map<Integer, Long> statuses,
        Map<String, Long> headerValues,
        List<String> firstFailures,
        List<Double> worstPer100ms,
        Histogram latencies) {

    static LoadReport of(Tally tally, double seconds, long gapNanos) {
        Histogram latencies = tally.latencies;
        long answers = latencies.getTotalCount();
        int windows = (int) Math.ceil(seconds * 1e9 / Tally.WINDOW_NANOS);
        return new LoadReport(
                answers,
                tally.failures,
                tally.connectionFailures,
                seconds,
                answers / seconds,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(95) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                latencies.getMaxValue() / 1e3,
                gapNanos / 1e3,
                Map.copyOf(tally.statuses()),
                Map.copyOf(tally.headerValues),
                List.copyOf(tally.firstFailures),
                Arrays.stream(tally.worstPerWindow)
                        .limit(windows)
                        .mapToObj(nanos -> nanos / 1e3)
                        .toList(),
                latencies);
    }

    public String table() {
        StringBuilder text = new StringBuilder()
                .append("%d answers in %.1f s, %.0f per second, %d failures (%d of them connections)%n"
                        .formatted(answers, seconds, perSecond, failures, connectionFailures))
                .append(
                        "latency  p50 %.0f µs  p95 %.0f µs  p99 %.0f µs  max %.1f ms  longest time without any answer %.1f ms%n"
                                .formatted(p50, p95, p99, max / 1e3, gap / 1e3))
                .append("status   %s%n".formatted(new TreeMap<>(statuses)));
        if (!headerValues.isEmpty()) {
            text.append("header   %s%n".formatted(new TreeMap<>(headerValues)));
        }
        firstFailures.forEach(failure -> text.append("failure  %s%n".formatted(failure)));
        return text.toString();
    }

    /// The worst latency of every 100 ms, as one line per window.
    public String timeline() {
        StringBuilder text = new StringBuilder("window (s)  worst (ms)\n");
        for (int i = 0; i < worstPer100ms.size(); i++) {
            double milliseconds = worstPer100ms.get(i) / 1e3;
            text.append("%10.1f  %10.1f  %s%n".formatted(i / 10.0, milliseconds, "#".repeat((int)
                            Math.min(60, milliseconds / 5))));
        }
        return text.toString();
    }
}
