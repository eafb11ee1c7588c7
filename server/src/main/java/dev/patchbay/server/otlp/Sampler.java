package dev.patchbay.server.otlp;

import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.OutcomeLabel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Decides which calls are traced, when they are over and it is known how they went: a share of them, all that failed,
/// and of each version the slowest one now and then. A caller's own decision comes before all of this. Safe for
/// threads.
final class Sampler {

    private final OtlpSettings.Sampling sampling;
    private volatile Map<ModuleKey, CallRecord> slowest = new ConcurrentHashMap<>();

    Sampler(OtlpSettings.Sampling sampling) {
        this.sampling = sampling;
    }

    /// Tells whether a call is traced. One that is not may still be the slowest.
    boolean keeps(CallRecord call) {
        TraceContext trace = call.context().trace();
        if (sampling.isCallers(trace)) {
            return trace.isSampled();
        }
        if (sampling.ratio() == 0) {
            return false;
        }
        if (sampling.isAmongShare(trace) || isFailure(call)) {
            return true;
        }
        compare(call);
        return false;
    }

    private static boolean isFailure(CallRecord call) {
        return call.outcome() instanceof Outcome.Failure(var error)
                && OutcomeLabel.of(error.code()).isFailure();
    }

    private void compare(CallRecord call) {
        if (call.resolution() == null) {
            return;
        }
        Map<ModuleKey, CallRecord> now = slowest;
        ModuleKey version = new ModuleKey(call.task(), call.resolution().version());
        CallRecord known = now.get(version);
        if (known == null || call.totalNanos() > known.totalNanos()) {
            now.merge(version, call, (a, b) -> a.totalNanos() >= b.totalNanos() ? a : b);
        }
    }

    /// Gives the slowest call of each version since this was asked before, of those that are not traced anyway.
    Collection<CallRecord> slowest() {
        Map<ModuleKey, CallRecord> over = slowest;
        if (over.isEmpty()) {
            return List.of();
        }
        slowest = new ConcurrentHashMap<>();
        return over.values();
    }
}
