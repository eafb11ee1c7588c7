package dev.patchbay.core.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Refuses tenants that ask a task more often than its config allows. A tenant may use up to one second's worth
/// at once. Callers without a tenant share one allowance.
public final class RateLimits {

    /// More tenants than this at a time start afresh now and then, which is the price of bounded memory.
    private static final int TENANTS = 100_000;

    private record Allowance(String task, String tenant, int perSecond) {}

    private final Function<String, OptionalInt> perSecond;
    private final Cache<Allowance, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(TENANTS).build();

    /// Makes limits.
    ///
    /// @param perSecond gives the calls per second and tenant of a task; empty means no limit
    public RateLimits(Function<String, OptionalInt> perSecond) {
        this.perSecond = perSecond;
    }

    /// Takes one call out of a tenant's allowance.
    ///
    /// @throws InferenceException `rate-limited`, with the time until the next call
    public void take(String task, @Nullable String tenant) {
        OptionalInt limit = perSecond.apply(task);
        if (limit.isEmpty()) {
            return;
        }
        int rate = limit.getAsInt();
        String who = tenant == null ? "" : tenant;
        Bucket bucket = buckets.get(
                new Allowance(task, who, rate),
                a -> Bucket.builder()
                        .addLimit(Bandwidth.builder()
                                .capacity(a.perSecond())
                                .refillGreedy(a.perSecond(), Duration.ofSeconds(1))
                                .build())
                        .build());
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill());
            throw new InferenceException(
                    ErrorCode.RATE_LIMITED,
                    "%s may ask '%s' %d times a second and did; the next call is free in %d ms"
                            .formatted(
                                    tenant == null ? "Callers without a tenant" : "Tenant '" + tenant + "'",
                                    task,
                                    rate,
                                    wait.toMillis() + 1),
                    List.of(),
                    wait,
                    null);
        }
    }
}
