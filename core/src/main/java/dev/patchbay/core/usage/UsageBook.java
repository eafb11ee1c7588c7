package dev.patchbay.core.usage;

import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallObserver;
import dev.patchbay.core.telemetry.CallRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps who uses which version, how fast it answers and how it fails. In memory, since the gateway started; a version
/// that nobody calls costs nothing. Safe for threads.
public final class UsageBook implements CallObserver {

    private final Clock clock;
    private final Instant since;
    private final Map<ModuleKey, VersionUsage> versions = new ConcurrentHashMap<>();

    /// Begins an empty book.
    public UsageBook(Clock clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    @Override
    public void finished(CallRecord call) {
        Resolution resolution = call.resolution();
        if (resolution != null) {
            versions.computeIfAbsent(
                            new ModuleKey(call.task(), resolution.version()), k -> new VersionUsage(call.endedNanos()))
                    .add(call);
        }
    }

    /// Forgets the versions that are no longer loaded: over many swaps they would add up.
    void retain(Set<ModuleKey> loaded) {
        versions.keySet().retainAll(loaded);
    }

    /// Gives the moment from which on calls are known.
    public Instant since() {
        return since;
    }

    /// Reports every version that was called, by task and version.
    public List<UsageReport> report() {
        return versions.keySet().stream()
                .sorted(Comparator.comparing(ModuleKey::task).thenComparing(ModuleKey::version))
                .flatMap(key -> report(key).stream())
                .toList();
    }

    /// Counts the calls of a version, without adding up durations: cheap enough to ask for thousands of versions.
    public UsagePulse pulse(ModuleKey key) {
        VersionUsage usage = versions.get(key);
        return usage == null ? UsagePulse.NONE : usage.all().pulse(System.nanoTime());
    }

    /// Gives the last minute of a version, without its tenants; empty if it was never called.
    public Optional<UsageReport.Window> minute(ModuleKey key) {
        return Optional.ofNullable(versions.get(key))
                .map(usage -> UsageReport.Window.of(usage.all().minute(System.nanoTime())));
    }

    /// Reports a version; empty if it was never called.
    public Optional<UsageReport> report(ModuleKey key) {
        return Optional.ofNullable(versions.get(key)).map(usage -> {
            long now = System.nanoTime();
            RollingUsage all = usage.all();
            List<UsageReport.Tenant> tenants = usage.tenants().entrySet().stream()
                    .map(entry -> tenant(entry.getKey(), entry.getValue(), now))
                    .sorted(Comparator.comparingLong(
                                    (UsageReport.Tenant tenant) -> tenant.hour().calls())
                            .reversed()
                            .thenComparing(UsageReport.Tenant::name))
                    .toList();
            return new UsageReport(
                    key,
                    all.calls(),
                    instant(all.lastUsed(), now),
                    UsageReport.Window.of(all.minute(now)),
                    UsageReport.Window.of(all.hour(now)),
                    tenants,
                    usage.untold());
        });
    }

    private UsageReport.Tenant tenant(String name, RollingUsage usage, long now) {
        return new UsageReport.Tenant(
                name,
                usage.calls(),
                instant(usage.lastUsed(), now),
                UsageReport.Window.of(usage.minute(now)),
                UsageReport.Window.of(usage.hour(now)));
    }

    private Instant instant(long nanos, long now) {
        return clock.instant().minusNanos(Math.max(0, now - nanos));
    }
}
