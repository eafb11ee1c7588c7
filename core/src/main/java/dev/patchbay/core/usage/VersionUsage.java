package dev.patchbay.core.usage;

import dev.patchbay.core.telemetry.CallRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// The calls of one version, whole and by tenant. Tenants beyond the first [#TENANTS] are one, until one of the first
/// has not called for an hour: a tenant's name comes from outside, and memory does not.
final class VersionUsage {

    /// Tenants that are told apart.
    static final int TENANTS = 100;

    private static final long QUIET = java.time.Duration.ofHours(1).toNanos();

    private final RollingUsage all;
    private final Map<String, RollingUsage> tenants = new ConcurrentHashMap<>();
    private final LongAdder untold = new LongAdder();

    VersionUsage(long nanos) {
        all = new RollingUsage(true, nanos);
    }

    void add(CallRecord call) {
        all.add(call);
        String tenant = call.context().tenant();
        if (tenant == null) {
            return;
        }
        RollingUsage own = tenants.get(tenant);
        if (own == null && (tenants.size() < TENANTS || madeRoom(call.endedNanos()))) {
            own = tenants.computeIfAbsent(tenant, t -> new RollingUsage(false, call.endedNanos()));
        }
        if (own == null) {
            untold.increment();
        } else {
            own.add(call);
        }
    }

    private boolean madeRoom(long now) {
        return tenants.values().removeIf(tenant -> now - tenant.lastUsed() > QUIET);
    }

    RollingUsage all() {
        return all;
    }

    Map<String, RollingUsage> tenants() {
        return tenants;
    }

    /// Calls of tenants that are not told apart.
    long untold() {
        return untold.sum();
    }
}
