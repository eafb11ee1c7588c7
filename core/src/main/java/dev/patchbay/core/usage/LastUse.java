package dev.patchbay.core.usage;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// When a version was last called, and by whom.
///
/// @param at its latest call
/// @param tenants tenant → its latest call; at most [VersionUsage#TENANTS], those that called last
record LastUse(Instant at, Map<String, Instant> tenants) {

    /// Gives the later of two for each.
    LastUse and(LastUse other) {
        Map<String, Instant> both = new HashMap<>(tenants);
        other.tenants.forEach((tenant, when) -> both.merge(tenant, when, LastUse::later));
        while (both.size() > VersionUsage.TENANTS) {
            both.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .ifPresent(oldest -> both.remove(oldest.getKey()));
        }
        return new LastUse(later(at, other.at), both);
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
