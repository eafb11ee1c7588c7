package dev.patchbay.core;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ResilienceConfig;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.telemetry.CallLedger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Decides what follows when a version is done with a call: its outcome stands, the call is tried again, or another
/// answers instead. Streams are never tried again, because their caller may have seen a part.
final class Resilience {

    private final Router router;
    private final CallLedger ledger;
    /// Of tasks whose config says to try again.
    private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

    Resilience(Router router, CallLedger ledger) {
        this.router = router;
        this.ledger = ledger;
    }

    /// One way of a call through routing and a version.
    ///
    /// @param label what the call fell back to; null while it is answered by whom routing chose
    record Attempt(int number, @Nullable String label) {

        Attempt next() {
            return new Attempt(number + 1, label);
        }
    }

    /// What follows.
    sealed interface Next {

        /// The outcome is the answer.
        record Stands() implements Next {}

        /// The call is tried again.
        record Again(InferenceRequest request) implements Next {}

        /// Another answers.
        ///
        /// @param inTime whether the caller's deadline leaves time to ask it
        record Instead(ResilienceConfig.Fallback fallback, boolean inTime) implements Next {}
    }

    Next after(InferenceRequest request, Attempt attempt, Outcome outcome) {
        ResilienceConfig config = attempt.label() == null && request.parts() == null
                ? router.table().resilience(request.task())
                : ResilienceConfig.NONE;
        if (config == ResilienceConfig.NONE) {
            return new Next.Stands();
        }
        RetryBudget budget = budgets.computeIfAbsent(request.task(), task -> new RetryBudget());
        if (attempt.number() == 1) {
            budget.called(config.budget());
        }
        if (!(outcome instanceof Outcome.Failure(InferenceException error)) || !isOfTheVersion(error)) {
            return new Next.Stands();
        }
        boolean inTime = request.context().deadline() - System.nanoTime() > 0;
        if (inTime && attempt.number() <= config.attempts() && budget.take()) {
            ledger.retried(request.task());
            return new Next.Again(request.to(request.task(), request.pin()));
        }
        if (config.fallback() != null && request.pin() == null) {
            return new Next.Instead(config.fallback(), inTime);
        }
        return new Next.Stands();
    }

    /// Tells whether another version could do better: the caller is not at fault, and still there.
    private static boolean isOfTheVersion(InferenceException error) {
        return switch (error.code()) {
            case MODULE_FAILED,
                    INVALID_RESPONSE,
                    DEPENDENCY_FAILED,
                    REMOTE_FAILED,
                    WORKER_LOST,
                    DEADLINE_EXCEEDED,
                    OVERLOADED,
                    VERSION_UNAVAILABLE,
                    CIRCUIT_OPEN -> true;
            default -> false;
        };
    }
}
