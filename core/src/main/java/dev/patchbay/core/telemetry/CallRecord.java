package dev.patchbay.core.telemetry;

import dev.patchbay.core.cache.CacheResult;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Dialect;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known about a call once it is over. Metrics and the access log read this and nothing else.
///
/// @param resolution which version was chosen and why; null if the call was refused before
/// @param question what was asked; null if the call was refused before it ran
/// @param cache where the answer came from
/// @param endedNanos when the answer was there, by [System#nanoTime]
public record CallRecord(
        CallContext context,
        String task,
        @Nullable Resolution resolution,
        Outcome outcome,
        CallTimings timings,
        @Nullable Dialect question,
        CacheResult cache,
        long endedNanos) {

    /// The record of a call whose version keeps no answers.
    public CallRecord(
            CallContext context,
            String task,
            @Nullable Resolution resolution,
            Outcome outcome,
            CallTimings timings,
            @Nullable Dialect question,
            long endedNanos) {
        this(context, task, resolution, outcome, timings, question, CacheResult.NONE, endedNanos);
    }

    /// The same call with an answer that no version gave.
    ///
    /// @param label what gave it
    public CallRecord answeredBy(Outcome.Answer answer, String label) {
        long revision = resolution == null ? 0 : resolution.revision();
        return new CallRecord(
                context,
                task,
                new Resolution(label, Reason.FALLBACK, label, revision, List.of()),
                answer,
                timings,
                question,
                CacheResult.NONE,
                endedNanos);
    }

    /// Gives how long the caller waited for the gateway.
    public long totalNanos() {
        return endedNanos - context.arrived();
    }
}
