package dev.patchbay.server;

import dev.patchbay.core.deploy.ModuleStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// The state of every version as a gauge: 1 for the state it is in. Rows come and go with versions, so that they are
/// made anew for each scrape.
final class ModuleGauges {

    private final MultiGauge states;
    private final Supplier<List<ModuleStatus>> modules;

    ModuleGauges(MeterRegistry meters, Supplier<List<ModuleStatus>> modules) {
        this.modules = modules;
        this.states = MultiGauge.builder("patchbay.module.state")
                .description("The state each version is in; always 1")
                .register(meters);
    }

    void refresh() {
        states.register(
                modules.get().stream()
                        .filter(module -> module.key() != null)
                        .map(module -> Tags.of(
                                "task",
                                Objects.requireNonNull(module.task()),
                                "version",
                                Objects.requireNonNull(module.version()),
                                "state",
                                module.state().label()))
                        .distinct()
                        .map(tags -> MultiGauge.Row.of(tags, 1))
                        .toList(),
                true);
    }
}
