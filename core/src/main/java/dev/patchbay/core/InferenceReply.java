package dev.patchbay.core;

import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.telemetry.CallRecord;

/// What became of a request, with everything that is known about it.
public record InferenceReply(CallRecord record) {

    /// Gives the answer or the error.
    public Outcome outcome() {
        return record.outcome();
    }
}
