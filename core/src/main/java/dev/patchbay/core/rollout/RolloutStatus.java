package dev.patchbay.core.rollout;

import dev.patchbay.core.config.GuardConfig;
import dev.patchbay.core.config.RolloutOverride;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where an experiment stands.
///
/// @param version what the share gets
/// @param control what the others get; null if the task has no default
/// @param share in thousandths of a percent
/// @param steps the shares it is to go through; empty if people decide
/// @param since when it got its share
/// @param next the share it goes to next; null if there is none
/// @param nextAt when it goes there at the earliest; null if it does not by itself
/// @param override what was decided while it ran; null if nothing was
/// @param unitShare the share of units it really has, from 0 to 1, since it got its share; -1 if none was seen
public record RolloutStatus(
        String task,
        String experiment,
        String version,
        @Nullable String control,
        long share,
        List<Long> steps,
        State state,
        GuardConfig.Mode guard,
        Instant since,
        @Nullable Long next,
        @Nullable Instant nextAt,
        @Nullable RolloutOverride override,
        Judgement judgement,
        Guard.Side canarySide,
        Guard.Side controlSide,
        double unitShare,
        List<RolloutHistory.Point> history) {

    /// What an experiment does.
    public enum State {
        /// It takes its share of calls.
        RUNNING,
        /// It takes its share and no further step.
        PAUSED,
        /// It has the last of its steps.
        COMPLETE,
        /// It gets no calls until a person acknowledges why.
        HALTED;

        /// Gives the word used in APIs.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
