package dev.patchbay.core.registry;

import dev.patchbay.core.execution.ModuleExecutor;

/// A loaded and warmed module of one version, ready to be called. A version that gets new settings gets a new
/// instance; the number tells the instances of a version apart.
///
/// @param executor runs the calls
/// @param gate counts the calls
public record ModuleInstance(ModuleKey key, int number, ModuleExecutor executor, InFlightGate gate) {

    public ModuleInstance(ModuleKey key, int number, ModuleExecutor executor) {
        this(key, number, executor, new InFlightGate());
    }

    @Override
    public String toString() {
        return key + "#" + number;
    }
}
