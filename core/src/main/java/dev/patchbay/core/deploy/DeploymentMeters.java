package dev.patchbay.core.deploy;

import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.registry.ModuleState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// What an operator is to be woken by: versions that are leaked or quarantined, and calls that cannot be ended.
final class DeploymentMeters {

    private DeploymentMeters() {}

    static void register(MeterRegistry meters, Deployments deployments, LeakWatch leaks) {
        Gauge.builder("patchbay.modules.leaked", leaks, LeakWatch::leaked)
                .description("Retired versions whose class loader is still held")
                .register(meters);
        Gauge.builder("patchbay.modules.quarantined", deployments, DeploymentMeters::quarantined)
                .description("Versions whose calls do not end, which get no more")
                .register(meters);
        Gauge.builder("patchbay.requests.abandoned", deployments, DeploymentMeters::abandoned)
                .description("Calls that go on long after their end; each holds a thread")
                .register(meters);
    }

    static Counter callsAfterTeardown(MeterRegistry meters) {
        return Counter.builder("patchbay.calls.after.teardown")
                .description("Calls that began or went on after the teardown of their module had begun; always 0")
                .register(meters);
    }

    private static double quarantined(Deployments deployments) {
        return deployments.present().stream()
                .filter(deployment -> deployment.state() instanceof ModuleState.Quarantined)
                .count();
    }

    private static double abandoned(Deployments deployments) {
        return deployments.present().stream()
                .flatMap(deployment -> deployment.running().stream())
                .mapToInt(running -> running.instance().executor().stuckCalls())
                .sum();
    }
}
