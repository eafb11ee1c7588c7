package dev.patchbay.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an experiment is watched for, and what happens when it does harm.
///
/// @param alpha the chance that a healthy version is ever taken away
/// @param errorTolerance how much larger the share of failed calls may be, at most, for a version to pass; a share of
///     all calls
/// @param latencyLimit how much longer the module may take, as a ratio, such as 1.3; null if it is not judged
/// @param outcomes the outcomes that must not get worse
public record GuardConfig(
        Mode mode,
        double alpha,
        double errorTolerance,
        @Nullable Double latencyLimit,
        List<String> outcomes) {

    /// What happens when a version does harm.
    public enum Mode {
        /// It gets no more calls until a person acknowledges it.
        ROLLBACK,
        /// It is told, and nothing else.
        OBSERVE,
        /// Nothing is judged.
        OFF
    }

    /// What holds where the config says nothing.
    public static final GuardConfig DEFAULT = new GuardConfig(Mode.ROLLBACK, 0.05, 0.01, null, List.of());

    /// Counts the metrics that can end an experiment; each gets its part of `alpha` (Bonferroni).
    public int metrics() {
        return 1 + (latencyLimit == null ? 0 : 1) + outcomes.size();
    }
}
