package dev.patchbay.core.config;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What was decided about an experiment while it ran. It stands over the file: saving the file does not undo it.
///
/// @param version the version it was decided about; of another version only `halted` holds
/// @param halted whether the experiment gets no calls
/// @param paused whether it takes no step by itself
/// @param rollout the share it has now, in thousandths of a percent; null if it has the share of the file
/// @param author a person, or `guard`
/// @param since when the share or the halt came into force
public record RolloutOverride(
        String version,
        boolean halted,
        boolean paused,
        @Nullable Long rollout,
        String author,
        String reason,
        Instant since) {

    /// Tells the share that an experiment has under this override.
    @Nullable
    Long share(@Nullable Long first, String ofVersion) {
        if (halted) {
            return first == null ? null : 0L;
        }
        return rollout != null && version.equals(ofVersion) ? rollout : first;
    }
}
