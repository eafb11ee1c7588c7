package dev.patchbay.llm.chat;

import java.time.Duration;

/// How long one call to a provider may take; each of them ends it at the provider.
///
/// @param firstToken until the first piece of a streamed answer
/// @param idle between two pieces; comments, pings and empty events do not count
/// @param total for everything
public record Timeouts(Duration firstToken, Duration idle, Duration total) {

    /// What holds where nothing is said.
    public static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(15), Duration.ofMinutes(2));

    /// Shortens the total, and with it the others.
    public Timeouts within(Duration remaining) {
        return new Timeouts(shorter(firstToken, remaining), shorter(idle, remaining), shorter(total, remaining));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
