package dev.patchbay.core.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads usage for people: did a version get slower, and for whom; is it timing out; is it slower than the default.
/// Durations are compared by their 95 % quantile; a version counts as slower from half as much again and a millisecond
/// on, seen in at least 30 calls.
public final class UsageAnswers {

    private static final double SLOWER = 1.5;
    private static final double MICROS = 1_000;
    private static final long CALLS = 30;
    private static final int NAMED = 5;

    private UsageAnswers() {}

    /// Says in sentences what is remarkable; empty if nothing is.
    ///
    /// @param standard the task's default version, if it is another one
    public static List<String> about(UsageReport version, @Nullable UsageReport standard) {
        List<String> sentences = new ArrayList<>();
        String name = version.key().version();
        if (slower(version.minute().total(), version.hour().total())) {
            sentences.add("%s got slower: p95 %s in the last minute, %s in the hour%s"
                    .formatted(
                            name,
                            millis(version.minute().total()),
                            millis(version.hour().total()),
                            tenants(version.tenants().stream()
                                    .filter(tenant -> slower(
                                            tenant.minute().total(),
                                            tenant.hour().total()))
                                    .map(tenant -> "%s (%s, was %s)"
                                            .formatted(
                                                    tenant.name(),
                                                    millis(tenant.minute().total()),
                                                    millis(tenant.hour().total())))
                                    .toList())));
        }
        if (version.minute().timeouts() > 0) {
            sentences.add("%s is timing out: %d of %d calls in the last minute"
                    .formatted(
                            name, version.minute().timeouts(), version.minute().calls()));
        }
        if (standard != null && slower(version.hour().total(), standard.hour().total())) {
            sentences.add("%s is slower than %s: p95 %s against %s in the hour%s"
                    .formatted(
                            name,
                            standard.key().version(),
                            millis(version.hour().total()),
                            millis(standard.hour().total()),
                            tenants(slowedBy(version, standard))));
        }
        return List.copyOf(sentences);
    }

    private static List<String> slowedBy(UsageReport version, UsageReport standard) {
        List<String> slowed = new ArrayList<>();
        for (UsageReport.Tenant tenant : version.tenants()) {
            Optional<UsageReport.Tenant> there = standard.tenants().stream()
                    .filter(other -> other.name().equals(tenant.name()))
                    .findFirst();
            there.filter(other -> slower(tenant.hour().total(), other.hour().total()))
                    .ifPresent(other -> slowed.add("%s (%s against %s)"
                            .formatted(
                                    tenant.name(),
                                    millis(tenant.hour().total()),
                                    millis(other.hour().total()))));
        }
        return slowed;
    }

    private static String tenants(List<String> named) {
        if (named.isEmpty()) {
            return "";
        }
        String more = named.size() > NAMED ? " and %d more".formatted(named.size() - NAMED) : "";
        return ", for " + String.join(", ", named.subList(0, Math.min(NAMED, named.size()))) + more;
    }

    private static boolean slower(Quantiles now, Quantiles before) {
        return now.count() >= CALLS
                && before.count() >= CALLS
                && now.p95() > SLOWER * before.p95()
                && now.p95() - before.p95() > MICROS;
    }

    private static String millis(Quantiles quantiles) {
        return String.format(Locale.ROOT, "%.1f ms", quantiles.p95() / 1_000);
    }
}
