package dev.patchbay.runtime.remote;

import dev.patchbay.api.InferenceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Until when one call waits for its server: the caller's deadline, or the module's own limit if that is earlier.
///
/// @param end by [System#nanoTime]
/// @param callers whether it is the caller's deadline
record Patience(long end, Duration allowed, boolean callers) {

    static Patience of(Duration remaining, @Nullable Duration own) {
        return own == null || remaining.compareTo(own) <= 0
                ? new Patience(System.nanoTime() + remaining.toNanos(), remaining, true)
                : new Patience(System.nanoTime() + own.toNanos(), own, false);
    }

    long leftNanos() {
        return Math.max(0, end - System.nanoTime());
    }

    Duration left() {
        return Duration.ofNanos(leftNanos());
    }

    InferenceException over(Target target) {
        return RemoteFailure.late(target, allowed, callers);
    }
}
