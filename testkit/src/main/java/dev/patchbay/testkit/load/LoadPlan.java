package dev.patchbay.testkit.load;

import java.time.Duration;

/// How a module is put under load.
///
/// @param rate calls a second that begin whether or not earlier ones ended; 0 for as many as the callers get done
/// @param callers who each wait for one answer before asking again; only if there is no rate
/// @param warmUp not measured
/// @param time measured
public record LoadPlan(int rate, int callers, Duration warmUp, Duration time) {

    /// 500 calls a second for ten seconds.
    public static final LoadPlan USUAL = new LoadPlan(500, 0, Duration.ofSeconds(3), Duration.ofSeconds(10));

    public LoadPlan {
        if (rate < 0 || callers < 0 || (rate == 0) == (callers == 0)) {
            throw new IllegalArgumentException(
                    "load has either a rate or callers, but has rate %d and %d callers".formatted(rate, callers));
        }
    }

    @Override
    public String toString() {
        return (rate > 0 ? rate + " calls a second" : callers + " callers, one call at a time each") + " for "
                + time.toSeconds() + " s";
    }
}
