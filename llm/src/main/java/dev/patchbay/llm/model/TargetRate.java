package dev.patchbay.llm.model;

import dev.patchbay.llm.config.LlmConfig;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How many requests and tokens a minute go to a target: a [token bucket](https://en.wikipedia.org/wiki/Token_bucket)
/// for each, which holds what may be used within a minute and is full at the start. A call that finds too little may
/// take it in advance, and waits until it is there. Safe for threads.
final class TargetRate {

    private static final double NANOS = Duration.ofMinutes(1).toNanos();

    private final LlmConfig.Rate rate;
    private final LongSupplier nanoTime;
    /// All below is guarded by this object's monitor.
    private double requests;
    private double tokens;
    private long filled;

    TargetRate(LlmConfig.Rate rate, LongSupplier nanoTime) {
        this.rate = rate;
        this.nanoTime = nanoTime;
        this.requests = rate.requests();
        this.tokens = rate.tokens();
        this.filled = nanoTime.getAsLong();
    }

    /// Takes what a call needs, unless that is there only later than the call can wait.
    ///
    /// @return how long the call has to wait; if that is longer than it can, nothing was taken
    synchronized Duration take(long needed, Duration longest) {
        fill();
        // more than fits into the bucket waits until it is full, or it would wait for ever
        double most = rate.tokens() == 0 ? 0 : Math.min(needed, rate.tokens());
        double wait = Math.max(
                rate.requests() == 0 ? 0 : (1 - requests) / rate.requests(),
                rate.tokens() == 0 ? 0 : (most - tokens) / rate.tokens());
        Duration until = Duration.ofNanos((long) Math.ceil(Math.max(0, wait) * NANOS));
        if (until.compareTo(longest) <= 0) {
            requests--;
            tokens -= needed;
        }
        return until;
    }

    /// Corrects what a call took by what it used.
    synchronized void settle(long needed, long used) {
        tokens = Math.min(rate.tokens(), tokens + needed - used);
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        double part = (now - filled) / NANOS;
        filled = now;
        requests = Math.min(rate.requests(), requests + part * rate.requests());
        tokens = Math.min(rate.tokens(), tokens + part * rate.tokens());
    }
}
