package dev.patchbay.core.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A routing decision, step by step as it was made.
///
/// @param resolution the result; null if no version could answer
/// @param failure why not, if so
public record Explanation(
        String task,
        long revision,
        List<Step> steps,
        @Nullable Resolution resolution,
        @Nullable String failure) {

    /// One step.
    ///
    /// @param kind `pin`, `flag`, `tenant`, `experiment` or `default`
    /// @param outcome one word: `chosen`, `not_asked`, `other_tenant`, `no_match`, `no_unit`, `outside` or
    ///     `not_ready`; of a flag also a [FlagAnswer.Result] that is no version
    /// @param bucket where the unit falls, in percent, if it was hashed
    /// @param from where the experiment's share begins, in percent
    /// @param until where it ends
    /// @param salt what the unit was hashed with
    /// @param detail what a flag's provider says about it
    public record Step(
            String kind,
            @Nullable String rule,
            @Nullable String version,
            String outcome,
            @Nullable Double bucket,
            @Nullable Double from,
            @Nullable Double until,
            @Nullable String salt,
            @Nullable String detail) {}
}
