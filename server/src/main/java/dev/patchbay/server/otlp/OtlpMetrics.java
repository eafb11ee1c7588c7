package dev.patchbay.server.otlp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Writes every meter as OTLP has it: counters as rising sums, timers as histograms of seconds, gauges as gauges. All
/// counts are since the start. Used by one thread.
final class OtlpMetrics {

    private static final AggregationTemporality SINCE_START = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;

    private final MeterRegistry meters;
    private final long start;

    /// @param startNanos when counting began, in nanoseconds since 1970
    OtlpMetrics(MeterRegistry meters, long startNanos) {
        this.meters = meters;
        this.start = startNanos;
    }

    void write(long nowNanos, ScopeMetrics.Builder into) {
        Map<String, Metric.Builder> byName = new TreeMap<>();
        for (Meter meter : meters.getMeters()) {
            switch (meter) {
                case Timer timer -> histogram(byName, timer, nowNanos);
                case Counter counter -> sum(byName, counter, counter.count(), nowNanos);
                case FunctionCounter counter -> sum(byName, counter, counter.count(), nowNanos);
                case TimeGauge gauge -> gauge(byName, gauge, gauge.value(TimeUnit.SECONDS), nowNanos);
                case Gauge gauge -> gauge(byName, gauge, gauge.value(), nowNanos);
                default -> {}
            }
        }
        byName.values().forEach(into::addMetrics);
    }

    private void sum(Map<String, Metric.Builder> byName, Meter meter, double value, long nowNanos) {
        if (Double.isFinite(value)) {
            metric(byName, meter, unit(meter))
                    .getSumBuilder()
                    .setAggregationTemporality(SINCE_START)
                    .setIsMonotonic(true)
                    .addDataPoints(number(meter, value, nowNanos));
        }
    }

    private void gauge(Map<String, Metric.Builder> byName, Meter meter, double value, long nowNanos) {
        if (Double.isFinite(value)) {
            metric(byName, meter, unit(meter)).getGaugeBuilder().addDataPoints(number(meter, value, nowNanos));
        }
    }

    private NumberDataPoint number(Meter meter, double value, long nowNanos) {
        return NumberDataPoint.newBuilder()
                .setStartTimeUnixNano(start)
                .setTimeUnixNano(nowNanos)
                .addAllAttributes(attributes(meter))
                .setAsDouble(value)
                .build();
    }

    private static String unit(Meter meter) {
        String unit = meter.getId().getBaseUnit();
        return unit == null ? "1" : unit.equals("bytes") ? "By" : unit.equals("seconds") ? "s" : "{" + unit + "}";
    }

    private static Metric.Builder metric(Map<String, Metric.Builder> byName, Meter meter, String unit) {
        return byName.computeIfAbsent(meter.getId().getName(), name -> {
            Metric.Builder metric = Metric.newBuilder().setName(name).setUnit(unit);
            String description = meter.getId().getDescription();
            return description == null ? metric : metric.setDescription(description);
        });
    }

    private void histogram(Map<String, Metric.Builder> byName, Timer timer, long nowNanos) {
        HistogramSnapshot snapshot = timer.takeSnapshot();
        HistogramDataPoint.Builder point = HistogramDataPoint.newBuilder()
                .setStartTimeUnixNano(start)
                .setTimeUnixNano(nowNanos)
                .addAllAttributes(attributes(timer))
                .setSum(snapshot.total(TimeUnit.SECONDS));
        long before = 0;
        for (CountAtBucket bucket : snapshot.histogramCounts()) {
            double bound = bucket.bucket(TimeUnit.SECONDS);
            if (bound < 1e9) {
                point.addExplicitBounds(bound);
                point.addBucketCounts((long) bucket.count() - before);
                before = (long) bucket.count();
            }
        }
        // calls may end between the two readings
        long rest = Math.max(0, snapshot.count() - before);
        point.addBucketCounts(rest).setCount(before + rest);
        metric(byName, timer, "s")
                .getHistogramBuilder()
                .setAggregationTemporality(SINCE_START)
                .addDataPoints(point);
    }

    private static List<KeyValue> attributes(Meter meter) {
        return meter.getId().getTags().stream()
                .map((Tag tag) -> Attributes.text(tag.getKey(), tag.getValue()))
                .toList();
    }
}
