package dev.patchbay.core.execution;

import dev.patchbay.api.Lane;
import java.time.Duration;

/// How much of the host one version may use.
///
/// @param concurrency calls that run at a time; 0 means: as many as there are processors on the compute lane,
///     256 on the io lane
/// @param queue calls that may wait
/// @param timeout the longest a call may take, waiting included
/// @param circuitFailures module failures in a row after which the version rests
/// @param circuitRest how long it rests
public record ExecutionLimits(int concurrency, int queue, Duration timeout, int circuitFailures, Duration circuitRest) {

    public static final ExecutionLimits DEFAULT =
            new ExecutionLimits(0, 256, Duration.ofSeconds(30), 20, Duration.ofSeconds(10));

    int concurrencyOn(Lane lane) {
        if (concurrency > 0) {
            return concurrency;
        }
        return lane == Lane.IO ? 256 : Runtime.getRuntime().availableProcessors();
    }
}
