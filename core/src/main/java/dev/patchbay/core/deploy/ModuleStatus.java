package dev.patchbay.core.deploy;

import dev.patchbay.core.execution.LaneUse;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.scan.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What can be said about an artifact at one moment.
///
/// @param key null if the artifact could not be read so far
/// @param source the name it has in the modules folder
/// @param digest of the bytes that were loaded
/// @param descriptor null if it could not be read
/// @param loader `none`, `live`, `retired` (waiting to be collected), `unloaded` or `leaked`
/// @param findings habits of the artifact's code that make trouble in a shared process
/// @param freed what the last instance's teardown left undone and the host did for it
/// @param removed whether it is no longer in the folder and only stays because rules name it
/// @param routedBy the rules of the config in force that name the version
/// @param live null unless an instance is loaded
public record ModuleStatus(
        @Nullable ModuleKey key,
        ModuleState state,
        String source,
        @Nullable String digest,
        @Nullable ModuleDescriptor descriptor,
        String loader,
        List<Finding> findings,
        List<String> freed,
        boolean removed,
        List<String> routedBy,
        @Nullable Live live) {

    /// A loaded instance.
    ///
    /// @param inFlight calls inside
    /// @param waiting calls that wait for a free place
    /// @param use what its threads spent; null if that is not known
    /// @param abandoned calls that go on long after their end
    public record Live(
            Baseline baseline,
            long inFlight,
            int waiting,
            int abandoned,
            boolean circuitOpen,
            @Nullable LaneUse use,
            JsonNode requestSchema,
            JsonNode responseSchema) {}

    /// Names the task, if it is known.
    public @Nullable String task() {
        return key == null ? null : key.task();
    }

    /// Names the version, if it is known.
    public @Nullable String version() {
        return key == null ? null : key.version();
    }
}
