package dev.patchbay.core.execution;

import dev.patchbay.api.CallMode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a call carries along wherever it goes, also to the tasks it asks in turn.
///
/// @param tenant the tenant of the authenticated caller
/// @param arrived when the call came, by [System#nanoTime]
/// @param deadline when the caller stops waiting, by [System#nanoTime]
/// @param path the versions, as `task@version`, that are answering on the way to this call, outermost first
/// @param reuse whether it shares answers with equal calls
public record CallContext(
        String requestId,
        @Nullable String tenant,
        CallMode mode,
        long arrived,
        long deadline,
        TraceContext trace,
        List<String> path,
        CancelSignal cancel,
        Reuse reuse) {

    /// Makes the context of a call that may share answers.
    public CallContext(
            String requestId,
            @Nullable String tenant,
            CallMode mode,
            long arrived,
            long deadline,
            TraceContext trace,
            List<String> path,
            CancelSignal cancel) {
        this(requestId, tenant, mode, arrived, deadline, trace, path, cancel, Reuse.allowed());
    }

    /// Makes the context of a call that comes from outside now.
    public static CallContext incoming(
            String requestId, @Nullable String tenant, Duration timeout, TraceContext trace) {
        return incoming(requestId, tenant, timeout, trace, Reuse.allowed());
    }

    /// Makes the context of a call that comes from outside now and says whether it shares answers.
    public static CallContext incoming(
            String requestId, @Nullable String tenant, Duration timeout, TraceContext trace, Reuse reuse) {
        long now = System.nanoTime();
        return new CallContext(
                requestId,
                tenant,
                CallMode.LIVE,
                now,
                now + timeout.toNanos(),
                trace,
                List.of(),
                new CancelSignal(),
                reuse);
    }

    /// Makes the context of a call that is made on behalf of this one.
    ///
    /// @param asking the version that makes it, or for which it is made, as `task@version`
    /// @param signal ends it
    public CallContext askedBy(String asking, CancelSignal signal) {
        return new CallContext(
                requestId,
                tenant,
                mode,
                System.nanoTime(),
                deadline,
                trace.child(),
                Stream.concat(path.stream(), Stream.of(asking)).toList(),
                signal,
                reuse.forCallee());
    }

    /// Makes the context of another attempt, which begins now and ends when the caller stops waiting.
    public CallContext again() {
        return new CallContext(
                requestId, tenant, mode, System.nanoTime(), deadline, trace, path, cancel, reuse.again());
    }

    /// Makes the context of the same call at another place in its trace.
    public CallContext in(TraceContext other) {
        return other == trace
                ? this
                : new CallContext(requestId, tenant, mode, arrived, deadline, other, path, cancel, reuse);
    }

    /// Shortens the deadline, never lengthens it.
    public CallContext within(Duration atMost) {
        long cap = arrived + atMost.toNanos();
        return cap - deadline >= 0
                ? this
                : new CallContext(requestId, tenant, mode, arrived, cap, trace, path, cancel, reuse);
    }
}
