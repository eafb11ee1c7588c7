package dev.patchbay.core.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.patchbay.core.config.CacheConfig;
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
    private final Cache<CacheKey, byte[]> answers;
    private final Map<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final List<Meter> shown;

    TaskCache(String task, long revision, CacheConfig config, MeterRegistry meters) {
        this.revision = revision;
        this.meters = meters;
        this.answers = Caffeine.newBuilder()
                .expireAfterWrite(config.ttl())
                .maximumWeight(config.size())
                .weigher((CacheKey key, byte[] json) -> json.length + ENTRY_BYTES)
                .recordStats()
                .build();
        this.shown = List.of(
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

    byte @Nullable [] find(CacheKey key) {
        return answers.getIfPresent(key);
    }

    void keep(CacheKey key, byte[] json) {
        answers.put(key, json);
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
    }
}
