package dev.patchbay.llm.model;

import dev.patchbay.llm.chat.ChatClient;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.config.LlmConfig;
import java.time.Duration;
import java.util.function.LongSupplier;

/// One model at one provider, and how it does at the moment. May be used by many threads.
public final class Target {

    private static final double MOST_RETRIES = 10;
    private static final LlmConfig.Rate UNBOUNDED = new LlmConfig.Rate(0, 0);

    private final LlmConfig.Target name;
    private final ProviderLine line;
    private final LlmConfig.Retry retry;
    private final LlmConfig.Cooldown cooldown;
    private final LongSupplier nanoTime;
    private final TargetRate rate;
    private final Waits firstTokens = new Waits();
    private final Waits answers = new Waits();
    /// All below is guarded by this object's monitor.
    private int failuresInARow;
    private boolean resting;
    private long restsUntil;
    private double retries = MOST_RETRIES;

    Target(LlmConfig.Target name, ProviderLine line, LlmConfig config, LongSupplier nanoTime) {
        this.name = name;
        this.line = line;
        this.retry = config.retry();
        this.cooldown = config.cooldown();
        this.rate = new TargetRate(config.rates().getOrDefault(name, UNBOUNDED), nanoTime);
        this.nanoTime = nanoTime;
    }

    /// Names the target.
    public LlmConfig.Target name() {
        return name;
    }

    LlmConfig.Format format() {
        return line.provider().format();
    }

    ChatClient client() throws ProviderFailure {
        return line.client();
    }

    /// Gives how much goes to the target within a minute.
    TargetRate rate() {
        return rate;
    }

    /// Gives how long it was waited for lately.
    ///
    /// @param stream for the first content of a stream; otherwise for a whole answer
    Waits waits(boolean stream) {
        return stream ? firstTokens : answers;
    }

    /// Notes that a call begins; each earns a share of a retry.
    synchronized void called() {
        retries = Math.min(MOST_RETRIES, retries + retry.share());
    }

    synchronized boolean isResting() {
        if (resting && nanoTime.getAsLong() - restsUntil >= 0) {
            // whoever was down may be tried, and rests again after one more failure
            resting = false;
            failuresInARow = Math.min(failuresInARow, cooldown.failures() - 1);
        }
        return resting;
    }

    synchronized void succeeded() {
        failuresInARow = 0;
        resting = false;
    }

    synchronized void failed(ProviderFailure failure) {
        if (failure.kind() == Kind.BAD_REQUEST
                || failure.kind() == Kind.TOO_LONG
                || failure.kind() == Kind.CONTENT_FILTERED) {
            return;
        }
        failuresInARow++;
        Duration asked = failure.retryAfter().orElse(Duration.ZERO);
        boolean down = failuresInARow >= cooldown.failures();
        if (down || !asked.isZero()) {
            Duration rest = down && cooldown.rest().compareTo(asked) > 0 ? cooldown.rest() : asked;
            resting = true;
            restsUntil = nanoTime.getAsLong() + rest.toNanos();
        }
    }

    /// Tells whether a retry is left in the target's budget of retries.
    synchronized boolean hasRetry() {
        return retries >= 1;
    }

    /// Takes a retry out of the target's budget of retries, if one is left.
    synchronized boolean takeRetry() {
        if (retries < 1) {
            return false;
        }
        retries--;
        return true;
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
