package dev.patchbay.core.execution;

/// Lets what the host hands to modules find the call it is used in, without the module passing it on.
public final class CurrentCall {

    static final ScopedValue<CallTimings> TIMINGS = ScopedValue.newInstance();

    private CurrentCall() {}

    /// Adds a model run to the call that this thread is in, or to all calls of its batch, if it is in one.
    public static void modelRan(long fromNanos, long toNanos) {
        if (TIMINGS.isBound()) {
            TIMINGS.get().modelRan(fromNanos, toNanos);
        }
    }
}
