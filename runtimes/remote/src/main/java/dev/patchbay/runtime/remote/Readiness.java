package dev.patchbay.runtime.remote;

import dev.patchbay.api.InferenceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Waits until a server says that its model is ready: before that, a version is not ready either.
final class Readiness {

    private static final Duration BETWEEN = Duration.ofMillis(250);

    private Readiness() {}

    /// Asks a server once.
    @FunctionalInterface
    interface Probe {

        /// @throws InferenceException if the server cannot be asked
        boolean isReady(Patience patience) throws InterruptedException;
    }

    /// @throws InferenceException if it is not ready in time, with the last reason
    static void await(Target target, RemoteSettings settings, Probe probe) throws InterruptedException {
        Patience patience = Patience.of(settings.readyWithin(), null);
        InferenceException last = null;
        while (patience.leftNanos() > 0) {
            try {
                if (probe.isReady(patience)) {
                    return;
                }
                last = null;
            } catch (InferenceException e) {
                last = e;
            }
            Thread.sleep(Duration.ofNanos(Math.min(BETWEEN.toNanos(), patience.leftNanos())));
        }
        throw notReady(target, settings, last);
    }

    private static InferenceException notReady(
            Target target, RemoteSettings settings, @Nullable InferenceException last) {
        return RemoteFailure.of(
                target,
                "did not say within %d ms (remote.ready_within) that %s is ready%s"
                        .formatted(
                                settings.readyWithin().toMillis(),
                                settings.what(),
                                last == null ? "" : ". In the end: " + last.getMessage()),
                last);
    }
}
