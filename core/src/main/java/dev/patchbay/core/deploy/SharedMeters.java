package dev.patchbay.core.deploy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The meters of modules in the gateway's registry. Two instances of one version, of which one takes over from the
/// other, use the same meters: a meter goes with the last instance that has it.
final class SharedMeters {

    private final MeterRegistry registry;
    private final Map<Meter.Id, Integer> users = new HashMap<>();

    SharedMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Takes a meter that instances share.
    synchronized <M extends Meter> M take(java.util.function.Function<MeterRegistry, M> register) {
        M meter = register.apply(registry);
        users.merge(meter.getId(), 1, Integer::sum);
        return meter;
    }

    /// Takes a gauge, which reads the newest instance.
    synchronized Gauge takeGauge(Supplier<Gauge.Builder<?>> builder) {
        Gauge gauge = builder.get().register(registry);
        int others = users.getOrDefault(gauge.getId(), 0);
        if (others > 0) {
            registry.remove(gauge);
            gauge = builder.get().register(registry);
        }
        users.put(gauge.getId(), others + 1);
        return gauge;
    }

    synchronized void giveBack(Meter meter) {
        if (users.merge(meter.getId(), -1, (count, less) -> count + less == 0 ? null : count + less) == null) {
            registry.remove(meter.getId());
        }
    }
}
