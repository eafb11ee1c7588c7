package dev.patchbay.core.deploy;

import dev.patchbay.core.execution.Breakage;
import dev.patchbay.core.execution.ExecutionListener;
import dev.patchbay.core.telemetry.EventLog.Level;
import java.util.function.Consumer;

/// Tells an operator what goes wrong inside one instance. A version that breaks on every call is told of once a
/// minute, with the number of calls.
final class InstanceEvents implements ExecutionListener {

    private final DeploymentEvents events;
    private final String instance;
    private final Consumer<String> quarantine;
    private final EventPace<Breakage.Kind> pace = new EventPace<>();

    /// @param instance such as `behavior_score@3.0.0#1`
    InstanceEvents(DeploymentEvents events, String instance, Consumer<String> quarantine) {
        this.events = events;
        this.instance = instance;
        this.quarantine = quarantine;
    }

    @Override
    public void stuck(String cause) {
        quarantine.accept(cause);
    }

    @Override
    public void lingers(String where, int limit) {
        events.add(
                Level.WARN,
                "call-lingers",
                instance,
                ("a call inside %s goes on long after its deadline, at %s, and holds its thread until it returns. With %d such"
                                + " calls the version is quarantined. Let predict end when its thread is interrupted")
                        .formatted(instance, where, limit));
    }

    @Override
    public void broke(Breakage breakage) {
        long more = pace.due(breakage.kind());
        if (more < 0) {
            return;
        }
        events.add(
                breakage.kind().isShared() ? Level.ALARM : Level.WARN,
                breakage.kind().isShared() ? "out-of-memory" : "module-broken",
                instance,
                "%s broke on request %s at %s: %s%s. %s"
                        .formatted(
                                instance,
                                breakage.requestId(),
                                breakage.where(),
                                breakage.error(),
                                EventPace.words(more),
                                breakage.kind().remedy()));
    }

    @Override
    public void calledAfterTeardown(String requestId) {
        events.calledAfterTeardown();
        events.add(
                Level.ALARM,
                "call-after-teardown",
                instance,
                ("%s was torn down under request %s, which is a fault of the gateway: please report it with the log of the"
                                + " minute before")
                        .formatted(instance, requestId));
    }

    @Override
    public void circuitOpened(String why) {
        events.add(
                Level.ALARM,
                "circuit-open",
                instance,
                ("%s %s: its callers get circuit-open meanwhile. The failures are in the log;"
                                + " `patchbay rollback` or a fallback gives callers another version")
                        .formatted(instance, why));
    }

    @Override
    public void circuitClosed() {
        events.add(Level.INFO, "circuit-closed", instance, instance + " answers again");
    }
}
