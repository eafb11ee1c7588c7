package dev.patchbay.core.config;

import dev.patchbay.core.scan.Habit;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The whole of `patchbay.yaml`, checked.
///
/// @param inference the section of each task
/// @param limits what holds for the gateway as a whole
/// @param refusedHabits what modules must not do, as far as it is seen in their code
/// @param kinds the sections that kinds of modules read and check, by their names
/// @param flags where flags come from that decide versions
/// @param overrides task → experiment → what was decided about it while it ran; no part of the file
public record GatewayConfig(
        Map<String, TaskConfig> inference,
        GatewayLimits limits,
        Set<Habit> refusedHabits,
        Map<String, ObjectNode> kinds,
        FlagConfig.Source flags,
        Map<String, Map<String, RolloutOverride>> overrides) {

    /// A config about whose experiments nothing was decided, and that refuses no habit.
    public GatewayConfig(Map<String, TaskConfig> inference, GatewayLimits limits, Map<String, ObjectNode> kinds) {
        this(inference, limits, Set.of(), kinds, FlagConfig.Source.DEFAULT, Map.of());
    }

    /// Nothing configured.
    public static final GatewayConfig EMPTY = new GatewayConfig(Map.of(), GatewayLimits.DEFAULT, Map.of());

    /// Gives a task's section, an empty one if there is none.
    public TaskConfig task(String task) {
        return inference.getOrDefault(task, TaskConfig.NONE);
    }

    /// Limits of the gateway as a whole.
    ///
    /// @param body the largest request body, in bytes
    /// @param jsonDepth the deepest nesting of a request
    public record GatewayLimits(int body, int jsonDepth) {

        /// What holds where the config says nothing.
        public static final GatewayLimits DEFAULT = new GatewayLimits(1 << 20, 64);
    }
}
