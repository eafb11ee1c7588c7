package dev.patchbay.testkit;

import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.config.TaskLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The config under test: that of the task, but a version that fails often does not rest and a caller that asks
/// often is not refused, because a test wants to see each failure. Modules that ask other tasks get the version
/// that was deployed last, whatever the routes of the config say.
final class TestConfig {

    private TestConfig() {}

    /// Gives what a task is loaded with.
    static GatewayConfig forLoading(GatewayConfig config, String task) {
        return with(config, task, null);
    }

    /// Gives what calls without a version are routed by.
    ///
    /// @param defaults task → version
    static GatewayConfig forRouting(GatewayConfig config, Map<String, String> defaults) {
        GatewayConfig routed = config;
        for (Map.Entry<String, String> each : defaults.entrySet()) {
            routed = with(routed, each.getKey(), each.getValue());
        }
        return routed;
    }

    private static GatewayConfig with(GatewayConfig config, String task, @Nullable String version) {
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
                limits.circuitRest(),
                limits.batch(),
                limits.batchWait());
        Map<String, TaskConfig> tasks = new HashMap<>(config.inference());
        tasks.put(
                task,
                new TaskConfig(
                        version,
                        section.attributes(),
                        section.aliases(),
                        List.of(),
                        patient,
                        section.settings(),
                        section.versionSettings(),
                        section.tenantSettings()));
        return new GatewayConfig(
                Map.copyOf(tasks),
                config.limits(),
                config.refusedHabits(),
                config.kinds(),
                config.flags(),
                config.overrides());
    }
}
