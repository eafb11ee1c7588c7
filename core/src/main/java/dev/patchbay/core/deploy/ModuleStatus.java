package dev.patchbay.core.deploy;

import dev.patchbay.core.registry.ModuleState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What can be said about an artifact at one moment.
///
/// @param task null if the artifact could not be read so far
/// @param source the name it has in the modules folder
/// @param digest of the bytes that were loaded
/// @param inFlight calls inside
/// @param abandoned calls that go on long after their end
/// @param loader `live`, `retired` (waiting to be collected), `unloaded` or `leaked`
/// @param removed whether it is no longer in the folder and only stays because rules name it
public record ModuleStatus(
        @Nullable String task,
        @Nullable String version,
        ModuleState state,
        String source,
        @Nullable String digest,
        @Nullable ModuleDescriptor descriptor,
        @Nullable Baseline baseline,
        long inFlight,
        int waiting,
        int abandoned,
        boolean circuitOpen,
        String loader,
        boolean removed,
        List<String> routedBy,
        @Nullable JsonNode requestSchema,
        @Nullable JsonNode responseSchema) {}
