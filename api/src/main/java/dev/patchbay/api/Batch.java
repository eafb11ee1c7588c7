package dev.patchbay.api;

import java.time.Duration;
import java.util.List;

/// The calls that are answered together by one [BatchModule#predictAll].
///
/// @param calls at least one call, in the order of the requests
public record Batch(List<Call> calls) {

    public Batch {
        calls = List.copyOf(calls);
        if (calls.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one call");
        }
    }

    /// Counts the calls.
    public int size() {
        return calls.size();
    }

    /// Gives the time until the latest deadline in the batch: work beyond it helps nobody.
    public Duration remaining() {
        return calls.stream().map(Call::remaining).max(Duration::compareTo).orElseThrow();
    }

    /// Tells whether nobody waits any more for any answer of the batch.
    public boolean isCancelled() {
        return calls.stream().allMatch(Call::isCancelled);
    }
}
