package dev.patchbay.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether answers of a task are kept and given again: the key `cache` of a task.
///
/// @param ttl how long an answer may be given again; zero if none is kept
/// @param size bytes that the kept answers of the task take at most
/// @param versions the versions whose answers are kept; empty for those that promise to be deterministic
public record CacheConfig(Duration ttl, int size, Set<String> versions) {

    /// Every call is answered anew.
    public static final CacheConfig NONE = new CacheConfig(Duration.ZERO, 0, Set.of());

    private static final Duration TTL = Duration.ofMinutes(5);
    private static final int SIZE = 16 << 20;
    private static final int LARGEST = 1 << 30;

    static CacheConfig read(Section task, Map<String, String> aliases) {
        boolean given = task.has("cache");
        Section section = task.section("cache");
        Duration ttl = section.duration("ttl", TTL);
        int size = section.bytes("size", LARGEST, SIZE);
        List<String> versions = section.texts("versions");
        section.finish();
        return given
                ? new CacheConfig(
                        ttl,
                        size,
                        Set.copyOf(versions.stream()
                                .map(name -> aliases.getOrDefault(name, name))
                                .toList()))
                : NONE;
    }

    /// Tells whether answers of a version are kept.
    ///
    /// @param deterministic whether the version promises equal answers to equal requests
    public boolean keeps(String version, boolean deterministic) {
        return versions.isEmpty() ? deterministic && !ttl.isZero() : versions.contains(version);
    }
}
