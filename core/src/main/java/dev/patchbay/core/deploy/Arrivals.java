package dev.patchbay.core.deploy;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What is at each place of the modules folder now. Who works on an artifact finds out here that it went meanwhile, or
/// that others came to its place. Safe for threads.
final class Arrivals {

    /// An artifact that appeared at a place, until it disappears from there or another one appears. Every one is
    /// different.
    static final class Arrival {

        private final Path source;

        private Arrival(Path source) {
            this.source = source;
        }

        Path source() {
            return source;
        }

        String name() {
            return String.valueOf(source.getFileName());
        }
    }

    private final Map<Path, Arrival> latest = new ConcurrentHashMap<>();
    private final Map<Path, String> incomplete = new ConcurrentHashMap<>();

    Arrival appeared(Path source) {
        incomplete.remove(source);
        Arrival arrival = new Arrival(source);
        latest.put(source, arrival);
        return arrival;
    }

    void disappeared(Path source) {
        incomplete.remove(source);
        latest.remove(source);
    }

    boolean isOver(Arrival arrival) {
        return latest.get(arrival.source()) != arrival;
    }

    void incomplete(Path source, String why) {
        incomplete.put(source, why);
    }

    /// Gives the artifacts that are not whole, and what they wait for.
    Map<Path, String> incomplete() {
        return Map.copyOf(incomplete);
    }
}
