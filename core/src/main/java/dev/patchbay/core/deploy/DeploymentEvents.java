package dev.patchbay.core.deploy;

import dev.patchbay.core.leak.LeakListener;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.telemetry.EventLog;
import io.micrometer.core.instrument.Counter;
import java.util.List;

/// What happens to versions that an operator is to be told without asking.
///
/// @param teardowns counts calls that met the teardown of their module, of which there are none
record DeploymentEvents(EventLog log, Counter teardowns) implements LeakListener {

    void calledAfterTeardown() {
        teardowns.increment();
    }

    void quarantined(ModuleInstance instance, String cause) {
        add(EventLog.Level.ALARM, "module-quarantined", instance.toString(), instance + " is quarantined: " + cause);
    }

    void unreachable(ModuleInstance instance, String missing) {
        add(
                EventLog.Level.ALARM,
                "version-unreachable",
                instance.toString(),
                "%s gets no calls but those that name it, until what it needs is there again: %s"
                        .formatted(instance, missing));
    }

    void reachable(ModuleInstance instance) {
        add(EventLog.Level.INFO, "version-reachable", instance.toString(), instance + " gets calls again");
    }

    void failed(ModuleKey key, String stage, String cause) {
        log.add(
                EventLog.Level.WARN,
                "deployment-failed",
                key.task(),
                key.version(),
                "%s failed in %s, and nothing else changed: %s".formatted(key, stage, cause));
    }

    /// @param failures how often it failed before
    void ready(ModuleKey key, int failures) {
        if (failures > 0) {
            log.add(
                    EventLog.Level.INFO,
                    "deployment-recovered",
                    key.task(),
                    key.version(),
                    "%s is ready after it failed %s".formatted(key, failures == 1 ? "once" : failures + " times"));
        }
    }

    /// @param source the name of a file or folder that could not be read so far that it has a task
    void unreadable(String source, String stage, String cause) {
        log.add(
                EventLog.Level.WARN,
                "deployment-failed",
                "",
                null,
                "%s in the modules folder failed in %s, and nothing else changed: %s".formatted(source, stage, cause));
    }

    void freed(ModuleInstance instance, List<String> what) {
        if (!what.isEmpty()) {
            add(
                    EventLog.Level.WARN,
                    "resources-freed",
                    instance.toString(),
                    "teardown of %s left things undone, and the host did them: %s"
                            .formatted(instance, String.join(", ", what)));
        }
    }

    /// @param instance such as `behavior_score@3.0.0#1`
    void teardownFailed(String instance, String why) {
        add(
                EventLog.Level.WARN,
                "teardown-failed",
                instance,
                "teardown of %s failed, and the host closed the rest: %s".formatted(instance, why));
    }

    @Override
    public void leaked(String instance, String words) {
        add(EventLog.Level.WARN, "module-leaked", instance, words);
    }

    @Override
    public void unloadedAfterAll(String instance, String words) {
        add(EventLog.Level.INFO, "module-unloaded", instance, words);
    }

    /// @param instance such as `behavior_score@3.0.0#1`
    void add(EventLog.Level level, String kind, String instance, String message) {
        int at = instance.indexOf('@');
        log.add(level, kind, instance.substring(0, at), instance.substring(at + 1, instance.lastIndexOf('#')), message);
    }
}
