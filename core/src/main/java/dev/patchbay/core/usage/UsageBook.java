package dev.patchbay.core.usage;

import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallObserver;
import dev.patchbay.core.telemetry.CallRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Keeps who uses which version, how fast it answers and how it fails. In memory, since the gateway started; a
/// version that nobody calls costs nothing. When a version was last used, and by whom, is remembered beyond that:
/// also of versions that are gone, and, with a [UsageFile], over a restart. Safe for threads.
public final class UsageBook implements CallObserver {

    /// Versions whose last use is remembered: those that were used last.
    static final int REMEMBERED = 2_000;

    private final Clock clock;
    private final Instant since;
    private final Map<ModuleKey, VersionUsage> versions = new ConcurrentHashMap<>();
    private final Map<ModuleKey, LastUse> earlier = new ConcurrentHashMap<>();
    private volatile Instant rememberedSince;

    /// Begins an empty book.
    public UsageBook(Clock clock) {
        this.clock = clock;
        this.since = clock.instant();
        this.rememberedSince = since;
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
        versions.forEach((key, usage) -> {
            if (!loaded.contains(key)) {
                earlier.merge(key, lastUse(usage, System.nanoTime()), LastUse::and);
                versions.remove(key);
            }
        });
        bound();
    }

    /// Takes over what was known before the gateway started.
    void remember(Instant sinceWhen, Map<ModuleKey, LastUse> uses) {
        rememberedSince = sinceWhen;
        uses.forEach((key, use) -> earlier.merge(key, use, LastUse::and));
        bound();
    }

    private void bound() {
        if (earlier.size() > REMEMBERED) {
            earlier.entrySet().stream()
                    .sorted(Comparator.comparing(entry -> entry.getValue().at()))
                    .limit(earlier.size() - REMEMBERED)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(earlier::remove);
        }
    }

    /// Counts all calls since the gateway started to versions that are loaded.
    long calls() {
        return versions.values().stream()
                .mapToLong(usage -> usage.all().calls())
                .sum();
    }

    /// Gives the last use of every version that is remembered, in the order of their names.
    SortedMap<ModuleKey, LastUse> lastUses() {
        SortedMap<ModuleKey, LastUse> uses = new TreeMap<>();
        uses.putAll(earlier);
        long now = System.nanoTime();
        versions.forEach((key, usage) -> uses.merge(key, lastUse(usage, now), LastUse::and));
        // tenants that make room for others stay remembered
        earlier.putAll(uses);
        bound();
        return uses;
    }

    private LastUse lastUse(VersionUsage usage, long now) {
        Map<String, Instant> tenants = new HashMap<>();
        usage.tenants().forEach((tenant, use) -> tenants.put(tenant, instant(use.lastUsed(), now)));
        return new LastUse(instant(usage.all().lastUsed(), now), tenants);
    }

    /// Gives the moment from which on it is known when a version was last used.
    public Instant rememberedSince() {
        return rememberedSince;
    }

    /// Gives the moment from which on calls are known.
    public Instant since() {
        return since;
    }

    /// Reports every version that was called, by task and version.
    public List<UsageReport> report() {
        return versions.keySet().stream()
                .sorted()
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

    /// Reports a version; empty if it was never called as far as is remembered.
    public Optional<UsageReport> report(ModuleKey key) {
        VersionUsage used = versions.get(key);
        LastUse before = earlier.get(key);
        if (used == null) {
            return Optional.ofNullable(before).map(use -> UsageReport.of(key, use));
        }
        return Optional.of(used).map(usage -> {
            long now = System.nanoTime();
            RollingUsage all = usage.all();
            List<UsageReport.Tenant> tenants = Stream.concat(
                            usage.tenants().entrySet().stream()
                                    .map(entry -> tenant(entry.getKey(), entry.getValue(), now)),
                            before == null
                                    ? Stream.of()
                                    : before.tenants().entrySet().stream()
                                            .filter(entry -> !usage.tenants().containsKey(entry.getKey()))
                                            .map(entry -> UsageReport.Tenant.before(entry.getKey(), entry.getValue())))
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
