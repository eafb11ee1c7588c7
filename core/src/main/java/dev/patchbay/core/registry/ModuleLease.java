package dev.patchbay.core.registry;

/// The right to call a module instance. While it is held, the instance is not torn down. Given back once, by
/// whoever ends the call.
public final class ModuleLease implements AutoCloseable {

    private final ModuleInstance instance;

    ModuleLease(ModuleInstance instance) {
        this.instance = instance;
    }

    /// Gives the instance to call.
    public ModuleInstance instance() {
        return instance;
    }

    @Override
    public void close() {
        instance.gate().exit();
    }
}
