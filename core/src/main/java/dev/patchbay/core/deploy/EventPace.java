package dev.patchbay.core.deploy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Lets one event of a kind through in a minute, and counts those between. Safe for threads.
final class EventPace<K> {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Map<K, Told> told = new HashMap<>();

    /// @param since how often it happened and nobody was told
    private record Told(long at, long since) {}

    /// @return how often it happened since the last event; -1 if it is too early for another
    synchronized long due(K kind) {
        long now = System.nanoTime();
        Told last = told.get(kind);
        if (last != null && now - last.at() < MINUTE) {
            told.put(kind, new Told(last.at(), last.since() + 1));
            return -1;
        }
        told.put(kind, new Told(now, 0));
        return last == null ? 0 : last.since();
    }

    /// Words the calls that nobody was told of, to go on a sentence.
    static String words(long since) {
        return since == 0 ? "" : ", and %d times since the last such event".formatted(since);
    }
}
