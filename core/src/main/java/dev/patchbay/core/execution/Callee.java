package dev.patchbay.core.execution;

import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Lane;
import dev.patchbay.core.schema.Codec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a call runs: a loaded module and what belongs to it.
///
/// @param name names the instance in thread names and logs, such as `behavior_score@3.0.0#1`
/// @param loader the context class loader while the module runs
public record Callee(
        String task,
        String version,
        String name,
        InferenceModule<Object, Object> module,
        Codec codec,
        TenantSettings settings,
        ClassLoader loader,
        Lane lane) {

    /// The module's settings with a tenant's overrides.
    @FunctionalInterface
    public interface TenantSettings {

        /// Gives the settings record; empty if the module takes none.
        Optional<Record> of(@Nullable String tenant);
    }
}
