package dev.patchbay.core.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One entry under `experiments`.
///
/// @param rollout the share it has now, in thousandths of a percent; null if it has none
/// @param unit the attribute that keeps a caller in or out; null if none is given
/// @param version a version or an alias
/// @param salt what the unit is hashed with; null until the entry is first stored
/// @param match attribute → the values it may have; every attribute must match
/// @param tenants the tenants it is for; empty means all
/// @param layer experiments of one layer exclude each other
/// @param plan how it is to go on
/// @param override what was decided about it while it ran; null if nothing was
public record Experiment(
        String name,
        @Nullable Long rollout,
        @Nullable String unit,
        String version,
        @Nullable String salt,
        Map<String, List<String>> match,
        List<String> tenants,
        @Nullable String layer,
        ExperimentPlan plan,
        @Nullable RolloutOverride override) {

    private static final long WHOLE = 100_000;

    /// Gives the largest share it is ever to have by the config, in thousandths of a percent.
    public long reserved() {
        return plan.reserved(WHOLE);
    }

    /// Tells whether it gives a version to tenants as a whole, before any experiment is looked at.
    public boolean isTenantOverride() {
        return !tenants.isEmpty() && rollout == null && match.isEmpty();
    }
}
