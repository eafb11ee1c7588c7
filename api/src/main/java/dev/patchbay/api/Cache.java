package dev.patchbay.api;

import java.util.Optional;
import java.util.function.Function;

/// A bounded cache on the module's ledger; it may be used by many threads.
///
/// @param <K> keys, with `equals` and `hashCode`
/// @param <V> values
public interface Cache<K, V> {

    /// Looks a value up.
    Optional<V> find(K key);

    /// Looks a value up and computes it if it is missing; equal keys are computed once at a time.
    V computeIfAbsent(K key, Function<? super K, ? extends V> compute);

    /// Puts a value, replacing an older one.
    void put(K key, V value);

    /// Drops a value.
    void remove(K key);
}
