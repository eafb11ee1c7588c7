package dev.patchbay.core.telemetry;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.core.execution.Outcome;
import java.util.Locale;

/// The `outcome` label of the request counter: few words, each with one meaning.
enum OutcomeLabel {
    OK,
    INVALID,
    REFUSED,
    TIMEOUT,
    MODULE_ERROR,
    UNAVAILABLE,
    CANCELLED,
    ERROR;

    static OutcomeLabel of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answer _ -> OK;
            case Outcome.Failure failure -> of(failure.error().code());
        };
    }

    private static OutcomeLabel of(ErrorCode code) {
        return switch (code) {
            case DEADLINE_EXCEEDED -> TIMEOUT;
            case CANCELLED -> CANCELLED;
            case OVERLOADED, RATE_LIMITED -> REFUSED;
            case VERSION_UNAVAILABLE, CIRCUIT_OPEN, SHUTTING_DOWN -> UNAVAILABLE;
            case MODULE_FAILED, INVALID_RESPONSE, CALL_CYCLE, DEPENDENCY_FAILED -> MODULE_ERROR;
            default -> code.kind() == ErrorCode.Kind.CALLER ? INVALID : ERROR;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
