package dev.patchbay.core.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which version answers a call, and why.
///
/// @param rule the rule that chose it; null for pinned and default
/// @param revision the config revision that was in force
/// @param skipped rules that would have chosen another version, but that version is not ready; a flag with what
///     became of it, such as `score-flag:timeout`
/// @param placements where the call stands in each experiment that looked at its unit
/// @param shadows versions that are asked the same, for comparison only
public record Resolution(
        String version,
        Reason reason,
        @Nullable String rule,
        long revision,
        List<String> skipped,
        List<Placement> placements,
        List<String> shadows) {

    /// Makes a resolution that no experiment looked at.
    public Resolution(String version, Reason reason, @Nullable String rule, long revision, List<String> skipped) {
        this(version, reason, rule, revision, skipped, List.of(), List.of());
    }

    /// Gives the same version as one that answers for another. It is no evidence in experiments, and has no shadows.
    ///
    /// @param label how the config names what is fallen back to
    public Resolution asFallback(String label) {
        return new Resolution(version, Reason.FALLBACK, label, revision, List.of());
    }

    Resolution shadowedBy(List<String> versions) {
        return new Resolution(version, reason, rule, revision, skipped, placements, versions);
    }

    /// Writes the value of the `Inference-Route` header.
    public String header() {
        StringBuilder text = new StringBuilder(48).append("reason=").append(reason);
        if (rule != null) {
            text.append(";rule=").append(rule);
        }
        text.append(";rev=").append(revision);
        if (!skipped.isEmpty()) {
            text.append(";skipped=").append(String.join(",", skipped));
        }
        return text.toString();
    }
}
