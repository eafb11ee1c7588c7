package dev.patchbay.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether answers of a task are kept and given again: the key `cache` of a task.
///
/// @param ttl how long an answer may be given again; zero if none is kept
/// @param size bytes that the kept answers of the task take at most
/// @param versions the versions whose answers are kept; empty for those that promise to be deterministic
/// @param similar when the answer to another question will do; null if never
public record CacheConfig(
        Duration ttl,
        int size,
        Set<String> versions,
        @Nullable Similar similar) {

    /// Every call is answered anew.
    public static final CacheConfig NONE = new CacheConfig(Duration.ZERO, 0, Set.of(), null);

    /// That a kept answer is also given to a request that only means the same.
    ///
    /// @param task takes one text and answers with its embedding
    /// @param field where the request has the text; all else of two requests must be equal
    /// @param threshold the least cosine of two embeddings that mean the same
    public record Similar(String task, String field, double threshold) {}

    private static final Duration TTL = Duration.ofMinutes(5);
    private static final int SIZE = 16 << 20;
    private static final int LARGEST = 1 << 30;

    static CacheConfig read(Section task, Map<String, String> aliases) {
        boolean given = task.has("cache");
        Section section = task.section("cache");
        Duration ttl = section.duration("ttl", TTL);
        int size = section.bytes("size", LARGEST, SIZE);
        List<String> versions = section.texts("versions");
        Similar similar = section.has("similar") ? similar(section.section("similar")) : null;
        section.finish();
        return given
                ? new CacheConfig(
                        ttl,
                        size,
                        Set.copyOf(versions.stream()
                                .map(name -> aliases.getOrDefault(name, name))
                                .toList()),
                        similar)
                : NONE;
    }

    private static @Nullable Similar similar(Section section) {
        String task = section.text("task");
        String field = section.text("field");
        Double threshold = section.fraction("threshold");
        if (!section.finish()) {
            return null;
        }
        if (task == null || field == null || threshold == null) {
            if (!section.has("task") || !section.has("field") || !section.has("threshold")) {
                section.problem(
                        "",
                        "needs task, which makes the embedding of a text, field, where the request has the text, and threshold, the least likeness");
            }
            return null;
        }
        if (!field.startsWith("/") || field.length() < 2) {
            section.problem("field", "must be a JSON Pointer such as /question, but is '" + field + "'");
            return null;
        }
        return new Similar(task, field, threshold);
    }

    /// Tells whether answers of a version are kept.
    ///
    /// @param deterministic whether the version promises equal answers to equal requests
    public boolean keeps(String version, boolean deterministic) {
        return versions.isEmpty() ? deterministic && !ttl.isZero() : versions.contains(version);
    }
}
