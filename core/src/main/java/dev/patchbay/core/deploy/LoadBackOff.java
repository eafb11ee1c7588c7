package dev.patchbay.core.deploy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.time.Duration;

/// When to load a version again that failed. What is wrong with an artifact stays wrong, and is not tried again; a
/// server that is away comes back.
final class LoadBackOff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 6;

    private LoadBackOff() {}

    /// Tells whether a failure may pass by itself: something outside the gateway did not answer.
    static boolean mayPass(DeploymentFailed failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InferenceException e) {
                return e.code().kind() == ErrorCode.Kind.UPSTREAM || e.code() == ErrorCode.OVERLOADED;
            }
        }
        return false;
    }

    /// Gives the pause after so many failures.
    static Duration pause(int failures) {
        Duration pause = FIRST.multipliedBy(1L << Math.clamp(failures - 1L, 0, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
