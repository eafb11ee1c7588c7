package dev.patchbay.bench.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What one connection saw; added up when the run is over.
final class Tally {
    static final int SHOWN_FAILURES = 5;
    static final long WINDOW_NANOS = 100_000_000;

    final Histogram latencies = new Histogram(3);
    final long[] answersByStatus = new long[1000];
    final Map<String, Long> headerValues = new TreeMap<>();
    final List<String> firstFailures = new ArrayList<>();
    long failures;
    long connectionFailures;
    long[] worstPerWindow = new long[64];

    void answered(long dueNanos, long latencyNanos, int status) {
        latencies.recordValue(latencyNanos);
        answersByStatus[status]++;
        stalled(dueNanos, latencyNanos);
    }

    void header(@Nullable String value) {
        headerValues.merge(value == null ? "(none)" : value, 1L, Long::sum);
    }

    Map<Integer, Long> statuses() {
        Map<Integer, Long> statuses = new TreeMap<>();
        for (int status = 0; status < answersByStatus.length; status++) {
            if (answersByStatus[status] > 0) {
                statuses.put(status, answersByStatus[status]);
            }
        }
        return statuses;
    }

    void failed(String what) {
        failures++;
        if (firstFailures.size() < SHOWN_FAILURES) {
            firstFailures.add(what);
        }
    }

    void disconnected(long dueNanos, long latencyNanos, String what) {
        connectionFailures++;
        stalled(dueNanos, latencyNanos);
        failed(what);
    }

    private void stalled(long dueNanos, long latencyNanos) {
        int window = (int) (dueNanos / WINDOW_NANOS);
        if (window >= worstPerWindow.length) {
            worstPerWindow = Arrays.copyOf(worstPerWindow, Math.max(window + 1, 2 * worstPerWindow.length));
        }
        worstPerWindow[window] = Math.max(worstPerWindow[window], latencyNanos);
    }

    void add(Tally other) {
        latencies.add(other.latencies);
        Arrays.setAll(answersByStatus, status -> answersByStatus[status] + other.answersByStatus[status]);
        other.headerValues.forEach((value, count) -> headerValues.merge(value, count, Long::sum));
        failures += other.failures;
        connectionFailures += other.connectionFailures;
        other.firstFailures.stream()
                .limit(SHOWN_FAILURES - firstFailures.size())
                .forEach(firstFailures::add);
        worstPerWindow = Arrays.copyOf(worstPerWindow, Math.max(worstPerWindow.length, other.worstPerWindow.length));
        for (int i = 0; i < other.worstPerWindow.length; i++) {
            worstPerWindow[i] = Math.max(worstPerWindow[i], other.worstPerWindow[i]);
        }
    }
}
