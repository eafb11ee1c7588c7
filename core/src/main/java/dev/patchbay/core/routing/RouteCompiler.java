package dev.patchbay.core.routing;

import dev.patchbay.core.config.Experiment;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.ShadowConfig;
import dev.patchbay.core.config.TaskConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Turns checked config into rules.
final class RouteCompiler {

    private static final long WHOLE = 100_000;

    private RouteCompiler() {}

    static Map<String, TaskRoutes> compile(GatewayConfig config) {
        Map<String, TaskRoutes> routes = new HashMap<>();
        config.inference().forEach((task, section) -> routes.put(task, compile(task, section)));
        return Map.copyOf(routes);
    }

    private static TaskRoutes compile(String task, TaskConfig config) {
        Map<String, TaskRoutes.TenantRule> tenants = new HashMap<>();
        List<Rule> rules = new ArrayList<>();
        Map<String, Long> layers = new HashMap<>();
        for (Experiment experiment : config.experiments()) {
            String version = config.resolve(experiment.version());
            if (experiment.isTenantOverride()) {
                for (String tenant : experiment.tenants()) {
                    tenants.put(tenant, new TaskRoutes.TenantRule(experiment.name(), version));
                }
            } else {
                rules.add(rule(task, experiment, version, layers));
            }
        }
        return new TaskRoutes(
                task,
                config.defaultVersion() == null ? null : config.resolve(config.defaultVersion()),
                config.aliases(),
                new Attributes(config.attributes()),
                config.flag() == null
                        ? null
                        : new FlagRule(config.flag().key(), config.flag().unit()),
                Map.copyOf(tenants),
                List.copyOf(rules),
                config.shadows().stream()
                        .map(shadow -> shadow(task, shadow, config.resolve(shadow.version())))
                        .toList(),
                config.limits().rate(),
                config.resilience(),
                config.cache());
    }

    private static ShadowRule shadow(String task, ShadowConfig shadow, String version) {
        return new ShadowRule(
                version,
                Share.of(task + "/shadow/" + version, 0, shadow.sample()),
                shadow.unit() == null ? Rule.REQUEST : shadow.unit());
    }

    /// Experiments of one layer share its salt and take disjoint ranges in the order they are written.
    private static Rule rule(String task, Experiment experiment, String version, Map<String, Long> layers) {
        long size = experiment.rollout() == null ? WHOLE : experiment.rollout();
        String layer = experiment.layer();
        long before = layer == null ? 0 : layers.getOrDefault(layer, 0L);
        if (layer != null) {
            layers.put(layer, before + experiment.reserved());
        }
        String salt = layer != null
                ? task + "/layer/" + layer
                : experiment.salt() != null ? experiment.salt() : task + "/" + experiment.name();
        Map<String, Set<String>> match = new LinkedHashMap<>();
        experiment.match().forEach((attribute, values) -> match.put(attribute, Set.copyOf(values)));
        return new Rule(
                experiment.name(),
                version,
                Share.of(salt, before, size),
                experiment.unit() == null ? Rule.REQUEST : experiment.unit(),
                Set.copyOf(experiment.tenants()),
                match);
    }
}
