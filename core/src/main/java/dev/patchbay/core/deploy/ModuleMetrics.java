package dev.patchbay.core.deploy;

import dev.patchbay.api.Metrics;
import dev.patchbay.core.registry.ModuleKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/// A module's own meters in the gateway's registry, removed when the module goes.
final class ModuleMetrics implements Metrics, AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z0-9]+)*");

    private final MeterRegistry registry;
    private final Tags tags;
    private final Queue<Meter> mine = new ConcurrentLinkedQueue<>();

    ModuleMetrics(MeterRegistry registry, ModuleKey key) {
        this.registry = registry;
        this.tags = Tags.of("task", key.task(), "version", key.version());
    }

    @Override
    public Counter counter(String name) {
        var counter = registry.counter(full(name), tags);
        mine.add(counter);
        return counter::increment;
    }

    @Override
    public Timer timer(String name) {
        var timer = registry.timer(full(name), tags);
        mine.add(timer);
        return timer::record;
    }

    @Override
    public void gauge(String name, DoubleSupplier value) {
        mine.add(Gauge.builder(full(name), value::getAsDouble).tags(tags).register(registry));
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
        mine.forEach(registry::remove);
        mine.clear();
    }
}
