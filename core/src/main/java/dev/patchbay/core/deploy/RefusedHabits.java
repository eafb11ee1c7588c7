package dev.patchbay.core.deploy;

import dev.patchbay.core.scan.Finding;
import dev.patchbay.core.scan.Habit;
import java.util.List;
import java.util.Set;

/// Holds an artifact to what the config allows.
final class RefusedHabits {

    private RefusedHabits() {}

    /// @throws DeploymentFailed naming the first finding that is refused
    static void check(List<Finding> findings, Set<Habit> refused) {
        for (Finding finding : findings) {
            if (refused.contains(finding.habit())) {
                throw new DeploymentFailed(
                        "scan",
                        "%s. patchbay.yaml refuses such modules (modules.refuse: %s)"
                                .formatted(finding.words(), finding.habit().id()));
            }
        }
    }
}
