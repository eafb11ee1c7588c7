package dev.patchbay.core.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.patchbay.core.config.CacheConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The answers of one task that are kept under one config revision, and the calls that share one. Safe for threads.
final class TaskCache implements AutoCloseable {

    /// What an entry takes beside its answer: key, digest, nodes of the cache.
    private static final int ENTRY_BYTES = 256;

    private final long revision;
    private final CacheConfig config;
    private final Cache<CacheKey, Kept> answers;
    private final Neighbours neighbours = new Neighbours();
    private final Counter unplaced;
    private final Map<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final List<Meter> shown;

    /// @param place null if it is found by an equal request alone
    private record Kept(byte[] json, @Nullable Place place) {

        int bytes() {
            return json.length
                    + ENTRY_BYTES
                    + (place == null ? 0 : ENTRY_BYTES + Float.BYTES * place.direction().length);
        }
    }

    TaskCache(String task, long revision, CacheConfig config, MeterRegistry meters) {
        this.revision = revision;
        this.meters = meters;
        this.config = config;
        this.answers = Caffeine.newBuilder()
                .expireAfterWrite(config.ttl())
                .maximumWeight(config.size())
                .weigher((CacheKey key, Kept kept) -> kept.bytes())
                .evictionListener((key, kept, cause) -> forget(key, kept))
                .recordStats()
                .build();
        this.unplaced = Counter.builder("patchbay.cache.embedding.failures")
                .description("Calls whose text could not be compared with others by its meaning")
                .tag("task", task)
                .register(meters);
        this.shown = List.of(
                unplaced,
                Gauge.builder(
                                "patchbay.cache.bytes",
                                this,
                                cache -> cache.kept().bytes())
                        .description("Memory taken by kept answers")
                        .tag("task", task)
                        .register(meters),
                Gauge.builder("patchbay.cache.answers", answers, Cache::estimatedSize)
                        .description("Answers that are kept")
                        .tag("task", task)
                        .register(meters));
    }

    long revision() {
        return revision;
    }

    Map<CacheKey, Flight> flights() {
        return flights;
    }

    /// Gives when the answer to another question will do; null if never.
    CacheConfig.@Nullable Similar similar() {
        return config.similar();
    }

    byte @Nullable [] find(CacheKey key) {
        Kept kept = answers.getIfPresent(key);
        return kept == null ? null : kept.json();
    }

    /// Finds the answer to the nearest question that is near enough.
    byte @Nullable [] find(Place place, double threshold) {
        CacheKey key = neighbours.nearest(place, threshold, known -> answers.getIfPresent(known) != null);
        return key == null ? null : find(key);
    }

    /// @param place null if where its text stands is not known
    void keep(CacheKey key, byte[] json, @Nullable Place place) {
        answers.put(key, new Kept(json, place));
        if (place != null) {
            neighbours.add(key, place);
        }
    }

    private void forget(@Nullable CacheKey key, @Nullable Kept kept) {
        if (key != null && kept != null && kept.place() != null) {
            neighbours.remove(key, kept.place());
        }
    }

    /// Notes that it could not be found out where a text stands.
    ///
    /// @return whether it is the first time
    boolean isFirstUnplaced() {
        unplaced.increment();
        return unplaced.count() == 1;
    }

    ResponseCache.Kept kept() {
        answers.cleanUp();
        long bytes = answers.policy().eviction().orElseThrow().weightedSize().orElse(0);
        return new ResponseCache.Kept(
                answers.estimatedSize(), bytes, answers.stats().evictionCount());
    }

    /// Forgets all. Calls in flight end as they would.
    @Override
    public void close() {
        shown.forEach(meters::remove);
        answers.invalidateAll();
        neighbours.clear();
    }
}
