package dev.patchbay.testkit;

import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.config.TaskLimits;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/// The limits of a task under test: those of its config, but a version that fails often does not rest and a
/// caller that asks often is not refused. A test wants to see each failure.
final class TestLimits {

    private TestLimits() {}

    static GatewayConfig over(GatewayConfig config, String task) {
        TaskConfig section = config.task(task);
        TaskLimits limits = section.limits();
        TaskLimits patient = new TaskLimits(
                limits.concurrency(),
                limits.queue(),
                limits.timeout(),
                limits.drain(),
                limits.load(),
                OptionalInt.empty(),
                Integer.MAX_VALUE,
                limits.circuitRest());
        Map<String, TaskConfig> tasks = new HashMap<>(config.inference());
        tasks.put(
                task,
                new TaskConfig(
                        null,
                        section.attributes(),
                        section.aliases(),
                        java.util.List.of(),
                        patient,
                        section.settings(),
                        section.versionSettings(),
                        section.tenantSettings()));
        return new GatewayConfig(Map.copyOf(tasks), config.limits());
    }
}
