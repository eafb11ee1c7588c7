package dev.patchbay.core.deploy;

import dev.patchbay.api.Metrics;
import dev.patchbay.core.registry.ModuleKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/// A module's own meters in the gateway's registry, removed when the module goes.
final class ModuleMetrics implements Metrics, AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z0-9]+)*");

    private final SharedMeters meters;
    private final Tags tags;
    private final Queue<Meter> mine = new ConcurrentLinkedQueue<>();

    ModuleMetrics(SharedMeters meters, ModuleKey key) {
        this.meters = meters;
        this.tags = Tags.of("task", key.task(), "version", key.version());
    }

    @Override
    public Counter counter(String name) {
        String full = full(name);
        var counter = meters.take(registry -> registry.counter(full, tags));
        mine.add(counter);
        return counter::increment;
    }

    @Override
    public Timer timer(String name) {
        String full = full(name);
        var timer = meters.take(registry -> registry.timer(full, tags));
        mine.add(timer);
        return timer::record;
    }

    @Override
    public void gauge(String name, DoubleSupplier value) {
        String full = full(name);
        mine.add(meters.takeGauge(() -> Gauge.builder(full, value::getAsDouble).tags(tags)));
    }

    private static String full(String name) {
        if (!NAME.matcher(name).matches() || name.endsWith("total")) {
            throw new IllegalArgumentException(
                    "'%s' is no name for a metric: lower-case words joined by dots, not ending in total"
                            .formatted(name));
        }
        return "patchbay.module." + name;
    }

    @Override
    public void close() {
        mine.forEach(meters::giveBack);
        mine.clear();
    }
}
