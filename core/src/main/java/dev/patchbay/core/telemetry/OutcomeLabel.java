package dev.patchbay.core.telemetry;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.core.execution.Outcome;
import java.util.Locale;

/// How a call ended, in few words, each with one meaning: the `outcome` label of metrics.
public enum OutcomeLabel {
    /// Answered.
    OK,
    /// The request was wrong.
    INVALID,
    /// There was no room for it.
    REFUSED,
    /// Its time ran out.
    TIMEOUT,
    /// The module, or what it depends on, failed.
    MODULE_ERROR,
    /// The version could not take calls.
    UNAVAILABLE,
    /// The caller went away.
    CANCELLED,
    /// The gateway failed.
    ERROR;

    /// Gives the label of an outcome.
    public static OutcomeLabel of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answer _ -> OK;
            case Outcome.Failure failure -> of(failure.error().code());
        };
    }

    /// Gives the label of an error.
    public static OutcomeLabel of(ErrorCode code) {
        return switch (code) {
            case DEADLINE_EXCEEDED -> TIMEOUT;
            case CANCELLED -> CANCELLED;
            case OVERLOADED, RATE_LIMITED -> REFUSED;
            case VERSION_UNAVAILABLE, CIRCUIT_OPEN, SHUTTING_DOWN -> UNAVAILABLE;
            case MODULE_FAILED, INVALID_RESPONSE, CALL_CYCLE, DEPENDENCY_FAILED, REMOTE_FAILED, WORKER_LOST ->
                MODULE_ERROR;
            default -> code.kind() == ErrorCode.Kind.CALLER ? INVALID : ERROR;
        };
    }

    /// Tells whether the caller got no answer for a reason that is not the caller's own.
    public boolean isFailure() {
        return switch (this) {
            case OK, INVALID, CANCELLED -> false;
            case REFUSED, TIMEOUT, MODULE_ERROR, UNAVAILABLE, ERROR -> true;
        };
    }

    /// Gives the word used in metrics and APIs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
