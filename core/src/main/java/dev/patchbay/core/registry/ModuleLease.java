package dev.patchbay.core.registry;

import java.util.concurrent.atomic.AtomicBoolean;

/// The right to call a module instance. While it is held, the instance is not torn down. Giving it back
/// again changes nothing.
public final class ModuleLease implements AutoCloseable {

    private final ModuleInstance instance;
    private final AtomicBoolean given = new AtomicBoolean();

    ModuleLease(ModuleInstance instance) {
        this.instance = instance;
    }

    /// Gives the instance to call.
    public ModuleInstance instance() {
        return instance;
    }

    @Override
    public void close() {
        if (given.compareAndSet(false, true)) {
            instance.gate().exit();
        }
    }
}
