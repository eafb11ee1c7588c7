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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes every meter as OTLP has it: counters as rising sums, timers as histograms of seconds, gauges as gauges. All
/// counts are since the start. Used by one thread.
final class OtlpMetrics {

    private static final int CUMULATIVE = 2;

    private final MeterRegistry meters;
    private final String start;

    /// @param startNanos when counting began, in nanoseconds since 1970
    OtlpMetrics(MeterRegistry meters, long startNanos) {
        this.meters = meters;
        this.start = Long.toString(startNanos);
    }

    void write(long nowNanos, ArrayNode into) {
        Map<String, ArrayNode> points = new TreeMap<>();
        for (Meter meter : meters.getMeters()) {
            switch (meter) {
                case Timer timer -> histogram(points(points, into, timer, "histogram", "s"), timer, nowNanos);
                case Counter counter -> number(points, into, meter, "sum", counter.count(), nowNanos);
                case FunctionCounter counter -> number(points, into, meter, "sum", counter.count(), nowNanos);
                case TimeGauge gauge -> number(points, into, meter, "gauge", gauge.value(TimeUnit.SECONDS), nowNanos);
                case Gauge gauge -> number(points, into, meter, "gauge", gauge.value(), nowNanos);
                default -> {}
            }
        }
    }

    private void number(
            Map<String, ArrayNode> points, ArrayNode into, Meter meter, String kind, double value, long nowNanos) {
        if (Double.isFinite(value)) {
            point(points(points, into, meter, kind, unit(meter)), meter, nowNanos)
                    .put("asDouble", value);
        }
    }

    private static String unit(Meter meter) {
        String unit = meter.getId().getBaseUnit();
        return unit == null ? "1" : unit.equals("bytes") ? "By" : unit.equals("seconds") ? "s" : "{" + unit + "}";
    }

    private static ArrayNode points(
            Map<String, ArrayNode> points, ArrayNode into, Meter meter, String kind, String unit) {
        return points.computeIfAbsent(meter.getId().getName(), name -> {
            ObjectNode metric = into.addObject();
            metric.put("name", name).put("unit", unit);
            String description = meter.getId().getDescription();
            if (description != null) {
                metric.put("description", description);
            }
            ObjectNode data = metric.putObject(kind);
            if (!kind.equals("gauge")) {
                data.put("aggregationTemporality", CUMULATIVE);
            }
            if (kind.equals("sum")) {
                data.put("isMonotonic", true);
            }
            return data.putArray("dataPoints");
        });
    }

    private void histogram(ArrayNode into, Timer timer, long nowNanos) {
        HistogramSnapshot snapshot = timer.takeSnapshot();
        ObjectNode point = point(into, timer, nowNanos);
        long count = snapshot.count();
        point.put("sum", snapshot.total(TimeUnit.SECONDS));
        ArrayNode bounds = point.putArray("explicitBounds");
        ArrayNode counts = point.putArray("bucketCounts");
        long before = 0;
        for (CountAtBucket bucket : snapshot.histogramCounts()) {
            double bound = bucket.bucket(TimeUnit.SECONDS);
            if (bound < 1e9) {
                bounds.add(bound);
                counts.add(Long.toString((long) bucket.count() - before));
                before = (long) bucket.count();
            }
        }
        // calls may end between the two readings
        long rest = Math.max(0, count - before);
        counts.add(Long.toString(rest));
        point.put("count", Long.toString(before + rest));
    }

    private ObjectNode point(ArrayNode into, Meter meter, long nowNanos) {
        ObjectNode point = into.addObject();
        point.put("startTimeUnixNano", start).put("timeUnixNano", Long.toString(nowNanos));
        Attributes attributes = new Attributes(point);
        for (Tag tag : meter.getId().getTags()) {
            attributes.put(tag.getKey(), tag.getValue());
        }
        return point;
    }

    /// Gives the resource that all telemetry of this process is about.
    static ObjectNode resource(String service, String version, String instance) {
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        new Attributes(resource)
                .put("service.name", service)
                .put("service.version", version)
                .put("service.instance.id", instance);
        return resource;
    }
}
