package dev.patchbay.core.deploy;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.patchbay.api.Cache;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// A module's cache. It is emptied when the module goes: its entries are of the module's classes.
final class ModuleCache<K, V> implements Cache<K, V>, AutoCloseable {

    private final com.github.benmanes.caffeine.cache.Cache<K, V> entries;

    ModuleCache(long maximumEntries, Duration timeToLive) {
        // maintenance runs on the caller: a shared pool must not get to know the module's classes
        this.entries = Caffeine.newBuilder()
                .maximumSize(maximumEntries)
                .expireAfterWrite(timeToLive)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Optional<V> find(K key) {
        return Optional.ofNullable(entries.getIfPresent(key));
    }

    @Override
    public V computeIfAbsent(K key, Function<? super K, ? extends V> compute) {
        return entries.get(key, compute);
    }

    @Override
    public void put(K key, V value) {
        entries.put(key, value);
    }

    @Override
    public void remove(K key) {
        entries.invalidate(key);
    }

    @Override
    public void close() {
        entries.invalidateAll();
        entries.cleanUp();
    }
}
