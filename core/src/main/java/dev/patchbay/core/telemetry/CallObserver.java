package dev.patchbay.core.telemetry;

/// Looks at every call that is over. Called by the thread that finishes the call, before its caller is told: takes
/// less than a microsecond, never blocks and never throws.
@FunctionalInterface
public interface CallObserver {

    /// Takes a finished call.
    void finished(CallRecord call);
}
