package dev.patchbay.server.sink;

import dev.patchbay.api.runtime.MetricsSink.Sample;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What the gateway's own meters say of one period, by what they said at its begin. What nothing happened to is left
/// out, because services of this kind are paid by the series.
final class Changes {

    private static final String OURS = "patchbay.";

    private final Map<Meter.Id, Double> counted = new HashMap<>();
    private final Map<Meter.Id, double[]> buckets = new HashMap<>();

    /// Tells what happened since it was last asked.
    List<Sample> in(List<Meter> meters) {
        List<Sample> samples = new ArrayList<>();
        Set<Meter.Id> here = new HashSet<>();
        for (Meter meter : meters) {
            if (meter.getId().getName().startsWith(OURS)) {
                here.add(meter.getId());
                Map<Double, Double> values = values(meter);
                if (!values.isEmpty()) {
                    samples.add(sample(meter, values));
                }
            }
        }
        counted.keySet().retainAll(here);
        buckets.keySet().retainAll(here);
        return samples;
    }

    private static Sample sample(Meter meter, Map<Double, Double> values) {
        Map<String, String> labels = new LinkedHashMap<>();
        meter.getId().getTags().forEach(tag -> labels.put(tag.getKey(), tag.getValue()));
        String base = meter.getId().getBaseUnit();
        String unit = switch (meter) {
            case Timer _ -> "seconds";
            case Counter _ -> "count";
            default -> base == null ? "" : base;
        };
        return new Sample(meter.getId().getName(), labels, unit, values);
    }

    private Map<Double, Double> values(Meter meter) {
        return switch (meter) {
            case Timer timer -> seen(meter.getId(), timer.takeSnapshot(), TimeUnit.SECONDS.toNanos(1));
            case DistributionSummary summary -> seen(meter.getId(), summary.takeSnapshot(), 1);
            case Counter counter -> risen(meter.getId(), counter.count());
            case FunctionCounter counter -> risen(meter.getId(), counter.count());
            case Gauge gauge -> shown(meter.getId(), gauge.value());
            default -> Map.of();
        };
    }

    private Map<Double, Double> risen(Meter.Id id, double now) {
        Double before = counted.put(id, now);
        // a version that was loaded anew begins at nothing again
        double rise = before == null || now < before ? now : now - before;
        return rise > 0 ? Map.of(rise, 1.0) : Map.of();
    }

    /// A gauge that falls to nothing is told once.
    private Map<Double, Double> shown(Meter.Id id, double now) {
        Double before = counted.put(id, now);
        boolean quiet = now == 0 && (before == null || before == 0);
        return quiet || !Double.isFinite(now) ? Map.of() : Map.of(now, 1.0);
    }

    /// Gives how often each bucket was met, by the middle of the bucket; beyond the last one by its bound.
    private Map<Double, Double> seen(Meter.Id id, HistogramSnapshot snapshot, double unit) {
        CountAtBucket[] now = snapshot.histogramCounts();
        double[] counts = new double[now.length + 1];
        for (int i = 0; i < now.length; i++) {
            counts[i] = now[i].count();
        }
        counts[now.length] = snapshot.count();
        double[] before = buckets.put(id, counts);
        boolean anew = before == null || before.length != counts.length || counts[now.length] < before[now.length];
        Map<Double, Double> seen = new TreeMap<>();
        double below = 0;
        double bound = 0;
        for (int i = 0; i < counts.length; i++) {
            double rise = counts[i] - (anew ? 0 : before[i]);
            double next = i < now.length && Double.isFinite(now[i].bucket()) ? now[i].bucket() / unit : bound;
            if (rise > below) {
                seen.merge((bound + next) / 2, rise - below, Double::sum);
            }
            below = Math.max(below, rise);
            bound = next;
        }
        return seen;
    }
}
