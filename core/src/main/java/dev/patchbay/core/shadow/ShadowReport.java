package dev.patchbay.core.shadow;

import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.statistics.Interval;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a shadow's answers were like.
///
/// @param compared answers of both sides that were compared
/// @param agreed those that were the same
/// @param agreement the 95 % interval of the share of agreement
/// @param failed calls that the shadow did not answer although the caller was answered
/// @param answeredAlone calls that only the shadow answered
/// @param dropped calls that it was not asked, because it had too many
/// @param errors error code → how often the shadow failed with it
/// @param fields where answers differed → how often
/// @param distances how far differing numbers were apart → how often, from near to far
/// @param affected tenants whose answers would be others → how many of them
/// @param slower how much longer the shadow's module takes, typically, as a ratio; null if nothing was compared
/// @param pairs the first differing answers
public record ShadowReport(
        ModuleKey key,
        long compared,
        long agreed,
        Interval agreement,
        long failed,
        long answeredAlone,
        long dropped,
        Map<String, Long> errors,
        Map<String, Long> fields,
        Map<String, Long> distances,
        Map<String, Long> affected,
        @Nullable Double slower,
        List<Pair> pairs) {

    /// Two answers to one request that differ.
    ///
    /// @param served the version that the caller got
    public record Pair(String requestId, @Nullable String tenant, String served, List<Place> places) {}

    /// One place in which they differ, with texts as far as the config shows them.
    public record Place(String path, String served, String shadow) {}
}
