package dev.patchbay.core.registry;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The instances that can be called, one for each version.
public final class ModuleRegistry {

    private final Map<ModuleKey, ModuleInstance> instances = new ConcurrentHashMap<>();

    /// Enters the instance that calls of its version go to from now on.
    ///
    /// @return the instance it takes over from, which is to be retired
    public Optional<ModuleInstance> put(ModuleInstance instance) {
        return Optional.ofNullable(instances.put(instance.key(), instance));
    }

    /// Takes an instance out, if it is still the one of its version. Calls inside go on.
    public boolean remove(ModuleInstance instance) {
        return instances.remove(instance.key(), instance);
    }

    /// Looks up the instance of a version.
    public Optional<ModuleInstance> find(ModuleKey key) {
        return Optional.ofNullable(instances.get(key));
    }

    /// Takes a lease on the version's instance, or null if there is none; then routing has a newer table.
    ///
    /// An instance that is being replaced closes its gate only after its successor was entered here, so a
    /// closed gate means: look again.
    public @Nullable ModuleLease lease(ModuleKey key) {
        ModuleInstance seen = null;
        while (true) {
            ModuleInstance instance = instances.get(key);
            if (instance == null || instance == seen) {
                return null;
            }
            if (instance.gate().enter()) {
                return new ModuleLease(instance);
            }
            seen = instance;
        }
    }

    /// Lists the instances.
    public Collection<ModuleInstance> instances() {
        return List.copyOf(instances.values());
    }
}
