package dev.patchbay.api;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/// The module's own metrics. Names are lower-case words joined by dots (`cache.hits`) and appear as
/// `patchbay_module_cache_hits…` with the labels `task` and `version`. They are removed at retirement. Asking
/// again for the same name gives the same meter; all methods may be called by many threads.
public interface Metrics {

    /// Gives a counter.
    Counter counter(String name);

    /// Gives a timer with the gateway's latency buckets.
    Timer timer(String name);

    /// Registers a gauge that is read at each scrape.
    void gauge(String name, DoubleSupplier value);

    /// Counts things.
    interface Counter {
        /// Adds an amount, zero or more.
        void add(double amount);
    }

    /// Measures durations.
    interface Timer {
        /// Records one duration.
        void record(Duration duration);
    }
}
