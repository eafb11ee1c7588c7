package dev.patchbay.core.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The kept answers of a task by what their questions mean. Compares with each of a partition, of which there are at
/// most [#MOST]; the oldest goes. Safe for threads.
final class Neighbours {

    /// Comparing with so many texts of some hundred numbers takes less than a millisecond.
    static final int MOST = 2000;

    private final Map<CacheKey, List<Known>> partitions = new ConcurrentHashMap<>();

    private record Known(CacheKey key, float[] direction) {}

    void add(CacheKey key, Place place) {
        partitions.compute(place.partition(), (partition, before) -> {
            List<Known> next = without(key, before == null ? List.of() : before);
            if (next.size() >= MOST) {
                next.removeFirst();
            }
            next.add(new Known(key, place.direction()));
            return next;
        });
    }

    void remove(CacheKey key, Place place) {
        partitions.computeIfPresent(place.partition(), (partition, before) -> {
            List<Known> next = without(key, before);
            return next.isEmpty() ? null : next;
        });
    }

    /// Those who read have the list of before.
    private static List<Known> without(CacheKey key, List<Known> before) {
        List<Known> next = new ArrayList<>(before.size() + 1);
        for (Known known : before) {
            if (!known.key().equals(key)) {
                next.add(known);
            }
        }
        return next;
    }

    /// Finds the nearest that is near enough and still kept.
    ///
    /// @param threshold the least likeness
    @Nullable
    CacheKey nearest(Place place, double threshold, Predicate<CacheKey> kept) {
        CacheKey nearest = null;
        double best = threshold;
        for (Known known : partitions.getOrDefault(place.partition(), List.of())) {
            double likeness = place.likeness(known.direction());
            if (likeness >= best && kept.test(known.key())) {
                best = likeness;
                nearest = known.key();
            }
        }
        return nearest;
    }

    void clear() {
        partitions.clear();
    }
}
