package dev.patchbay.concurrency;

import dev.patchbay.core.registry.InFlightGate;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import java.time.Duration;

/// Instances that are held and never called.
public final class Instances {

    private Instances() {}

    /// Makes an instance with an open gate and nothing behind it.
    public static ModuleInstance of(ModuleKey key, int number) {
        return new ModuleInstance(key, number, null);
    }

    /// Tells whether a gate is closed and empty now.
    static boolean empty(InFlightGate gate) {
        try {
            return gate.awaitEmpty(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts an actor", e);
        }
    }
}
