package dev.patchbay.core.routing;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.CacheConfig;
import dev.patchbay.core.config.ResilienceConfig;
import dev.patchbay.core.registry.VersionOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The compiled rules of one task. [#decide] is the only code that chooses a version: it answers calls, and with
/// a trace it explains.
///
/// @param defaultVersion the version for everybody else; null if the config does not name the task
/// @param aliases other names of versions
/// @param flag the flag that is asked before the other rules; null if there is none
/// @param tenants tenant → the override that names it
/// @param rules the experiments, in order
/// @param shadows who is asked beside the version that answers
/// @param rate calls per second and tenant
/// @param resilience what is done when a version fails
/// @param cache whether answers are kept
record TaskRoutes(
        String task,
        @Nullable String defaultVersion,
        Map<String, String> aliases,
        Attributes attributes,
        @Nullable FlagRule flag,
        Map<String, TenantRule> tenants,
        List<Rule> rules,
        List<ShadowRule> shadows,
        OptionalInt rate,
        ResilienceConfig resilience,
        CacheConfig cache) {

    /// An experiment that gives a version to named tenants.
    record TenantRule(String name, String version) {}

    /// Gives a task that no config names: its versions answer only those who ask for them.
    static TaskRoutes unconfigured(String task) {
        return new TaskRoutes(
                task,
                null,
                Map.of(),
                new Attributes(Map.of()),
                null,
                Map.of(),
                List.of(),
                List.of(),
                OptionalInt.empty(),
                ResilienceConfig.NONE,
                CacheConfig.NONE);
    }

    Resolution decide(RouteQuery query, Set<String> ready, long revision, @Nullable Trace trace) {
        Resolution chosen = choose(query, ready, revision, trace);
        if (shadows.isEmpty()) {
            return chosen;
        }
        List<String> asked = new ArrayList<>(shadows.size());
        for (ShadowRule shadow : shadows) {
            if (!shadow.version().equals(chosen.version()) && shadow.takes(query, attributes)) {
                asked.add(shadow.version());
            }
        }
        return asked.isEmpty() ? chosen : chosen.shadowedBy(asked);
    }

    private Resolution choose(RouteQuery query, Set<String> ready, long revision, @Nullable Trace trace) {
        if (query.pin() != null) {
            return pinned(query.pin(), ready, revision, trace);
        }
        note(trace, "pin", null, null, "not_asked");
        List<String> skipped = List.of();

        if (flag != null) {
            FlagAnswer said = query.flag();
            String version = said == null || said.version() == null
                    ? null
                    : aliases.getOrDefault(said.version(), said.version());
            boolean chosen = version != null && ready.contains(version);
            String outcome = said == null
                    ? "not_asked"
                    : chosen
                            ? "chosen"
                            : version != null ? "not_ready" : said.result().label();
            if (trace != null) {
                trace.flag(flag.key(), version, outcome, said == null ? null : said.detail());
            }
            if (version != null && chosen) {
                return new Resolution(version, Reason.FLAG, flag.key(), revision, skipped);
            }
            if (said != null && said.result() != FlagAnswer.Result.NO_VALUE) {
                skipped = and(skipped, flag.key() + ":" + outcome);
            }
        }

        TenantRule override = query.tenant() == null ? null : tenants.get(query.tenant());
        if (override != null) {
            if (ready.contains(override.version())) {
                note(trace, "tenant", override.name(), override.version(), "chosen");
                return new Resolution(override.version(), Reason.TENANT, override.name(), revision, skipped);
            }
            note(trace, "tenant", override.name(), override.version(), "not_ready");
            skipped = and(skipped, override.name());
        } else {
            note(trace, "tenant", null, null, "no_match");
        }

        List<Placement> placements = rules.isEmpty() ? List.of() : new ArrayList<>(rules.size());
        for (Rule rule : rules) {
            Rule.Verdict verdict = rule.judge(query, attributes, placements, trace);
            boolean chosen = verdict == Rule.Verdict.MATCHES && ready.contains(rule.version());
            if (trace != null) {
                String outcome = chosen
                        ? "chosen"
                        : verdict == Rule.Verdict.MATCHES
                                ? "not_ready"
                                : verdict.name().toLowerCase(Locale.ROOT);
                trace.step("experiment", rule.name(), rule.version(), outcome, rule.share());
            }
            if (chosen) {
                return new Resolution(
                        rule.version(), Reason.SPLIT, rule.name(), revision, skipped, placements, List.of());
            }
            if (verdict == Rule.Verdict.MATCHES) {
                skipped = and(skipped, rule.name());
            }
        }

        if (defaultVersion != null && ready.contains(defaultVersion)) {
            note(trace, "default", null, defaultVersion, "chosen");
            return new Resolution(defaultVersion, Reason.DEFAULT, null, revision, skipped, placements, List.of());
        }
        note(trace, "default", null, defaultVersion, "not_ready");
        throw noDefault(ready);
    }

    private Resolution pinned(String pin, Set<String> ready, long revision, @Nullable Trace trace) {
        String version = aliases.getOrDefault(pin, pin);
        if (!ready.contains(version)) {
            note(trace, "pin", null, version, "not_ready");
            throw new InferenceException(
                    ErrorCode.UNKNOWN_VERSION,
                    "Task '%s' has no ready version '%s'. Ready: %s. Aliases: %s"
                            .formatted(task, pin, names(ready), names(aliases.keySet())));
        }
        note(trace, "pin", null, version, "chosen");
        return new Resolution(version, Reason.PINNED, null, revision, List.of());
    }

    private InferenceException noDefault(Set<String> ready) {
        String message = defaultVersion == null
                ? "Task '%s' has no default version, so that calls must name one. Ready: %s. Set inference.%s.default_version"
                        .formatted(task, names(ready), task)
                : "The default version %s of task '%s' is not ready. Ready: %s. See GET /admin/v1/modules for the cause, or set inference.%s.default_version"
                        .formatted(defaultVersion, task, names(ready), task);
        return new InferenceException(ErrorCode.VERSION_UNAVAILABLE, message);
    }

    private static String names(Set<String> names) {
        return names.isEmpty()
                ? "none"
                : String.join(
                        ", ", names.stream().sorted(VersionOrder.OLD_TO_NEW).toList());
    }

    private static void note(
            @Nullable Trace trace, String kind, @Nullable String rule, @Nullable String version, String outcome) {
        if (trace != null) {
            trace.step(kind, rule, version, outcome, null);
        }
    }

    private static List<String> and(List<String> names, String name) {
        List<String> more = new ArrayList<>(names);
        more.add(name);
        return List.copyOf(more);
    }
}
