package dev.patchbay.core.execution;

import dev.patchbay.api.BatchModule;
import dev.patchbay.api.InferenceModule;
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
/// @param batch calls that are answered together at most, if the module can; 0 leaves it to the module
/// @param batchWait how long a call waits for others to be answered with
public record ExecutionLimits(
        int concurrency,
        int queue,
        Duration timeout,
        int circuitFailures,
        Duration circuitRest,
        int batch,
        Duration batchWait) {

    public static final ExecutionLimits DEFAULT =
            new ExecutionLimits(0, 256, Duration.ofSeconds(30), 20, Duration.ofSeconds(10), 0, Duration.ZERO);

    /// Gives how many calls a module answers together at most.
    int batchOf(InferenceModule<?, ?> module) {
        int own = module instanceof BatchModule<?, ?> batching ? batching.largestBatch() : 1;
        return own <= 1 || batch == 0 ? own : batch;
    }

    int concurrencyOn(Lane lane) {
        if (concurrency > 0) {
            return concurrency;
        }
        return lane == Lane.IO ? 256 : Runtime.getRuntime().availableProcessors();
    }
}
