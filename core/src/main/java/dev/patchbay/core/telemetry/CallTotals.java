package dev.patchbay.core.telemetry;

import dev.patchbay.core.execution.CallTimings.Stage;
import java.util.Map;

/// What a version did since it came, as its meters have it.
///
/// @param answered calls that were answered, also from the cache; the time is that of their callers
/// @param failed calls that were not
/// @param shared calls that were given an answer made for another call
/// @param misses calls whose answer could have been kept, but was not there
/// @param stages the time in each stage, of the calls that got through it
/// @param runs how often the module answered; calls that it answered together are one
/// @param lastMillis when the last call ended, in milliseconds since 1970; 0 if there was none
public record CallTotals(
        Sum answered, Sum failed, Sum shared, long misses, Map<Stage, Sum> stages, long runs, long lastMillis) {

    /// How often something was, and how long all of it took.
    ///
    /// @param nanos in nanoseconds
    public record Sum(long count, long nanos) {

        static final Sum NONE = new Sum(0, 0);
    }

    /// Gives the sum of a stage.
    public Sum stage(Stage stage) {
        return stages.getOrDefault(stage, Sum.NONE);
    }
}
