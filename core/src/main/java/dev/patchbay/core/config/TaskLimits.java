package dev.patchbay.core.config;

import java.time.Duration;
import java.util.OptionalInt;

/// How much one version of a task may use.
///
/// @param concurrency calls at a time; 0 leaves it to the lane
/// @param queue calls that may wait
/// @param timeout the longest a call may take
/// @param drain how long a leaving version waits for its calls
/// @param load how long loading and warming may take, each
/// @param rate calls per second and tenant
/// @param circuitFailures failures in a row after which a version rests
/// @param circuitRest how long it rests
/// @param batch calls that a version answers together at most, if it can; 0 leaves it to the version
/// @param batchWait how long a call waits for others to be answered with
public record TaskLimits(
        int concurrency,
        int queue,
        Duration timeout,
        Duration drain,
        Duration load,
        OptionalInt rate,
        int circuitFailures,
        Duration circuitRest,
        int batch,
        Duration batchWait) {

    /// What holds where the config says nothing.
    public static final TaskLimits DEFAULT = new TaskLimits(
            0,
            256,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            OptionalInt.empty(),
            20,
            Duration.ofSeconds(10),
            0,
            Duration.ZERO);
}
