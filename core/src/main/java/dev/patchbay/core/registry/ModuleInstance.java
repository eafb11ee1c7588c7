package dev.patchbay.core.registry;

import dev.patchbay.core.execution.ModuleExecutor;

/// A loaded and warmed module of one version, ready to be called. A version that gets new settings gets a new
/// instance; the number tells the instances of a version apart.
///
/// @param deterministic whether it promises equal answers to equal requests
/// @param executor runs the calls
/// @param gate counts the calls
public record ModuleInstance(
        ModuleKey key, int number, boolean deterministic, ModuleExecutor executor, InFlightGate gate) {

    /// Makes an instance that nobody calls yet.
    public ModuleInstance(ModuleKey key, int number, boolean deterministic, ModuleExecutor executor) {
        this(key, number, deterministic, executor, new InFlightGate());
    }

    /// Makes an instance that promises nothing.
    public ModuleInstance(ModuleKey key, int number, ModuleExecutor executor) {
        this(key, number, false, executor);
    }

    @Override
    public String toString() {
        return key + "#" + number;
    }
}
