package dev.patchbay.core.config;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where overrides stand in a stored revision: under `overrides`, by task and experiment. A file has no such key, and
/// merging a file into what is in force leaves it as it is; that is what makes them last.
final class RolloutOverrides {

    static final String KEY = "overrides";

    private RolloutOverrides() {}

    static Map<String, Map<String, RolloutOverride>> read(JsonNode content) {
        Map<String, Map<String, RolloutOverride>> overrides = new HashMap<>();
        content.path(KEY).properties().forEach(task -> {
            Map<String, RolloutOverride> experiments = new HashMap<>();
            task.getValue()
                    .properties()
                    .forEach(experiment -> experiments.put(experiment.getKey(), one(experiment.getValue())));
            overrides.put(task.getKey(), Map.copyOf(experiments));
        });
        return Map.copyOf(overrides);
    }

    private static RolloutOverride one(JsonNode node) {
        return new RolloutOverride(
                node.path("version").asString(""),
                node.path("halted").asBoolean(false),
                node.path("paused").asBoolean(false),
                node.path("rollout").isIntegralNumber() ? node.path("rollout").longValue() : null,
                node.path("author").asString(""),
                node.path("reason").asString(""),
                Instant.parse(node.path("since").asString("1970-01-01T00:00:00Z")));
    }

    /// Gives the content with another override; null lifts it.
    static ObjectNode with(ObjectNode content, String task, String experiment, @Nullable RolloutOverride override) {
        ObjectNode changed = content.deepCopy();
        ObjectNode all = changed.path(KEY) instanceof ObjectNode there ? there : changed.putObject(KEY);
        ObjectNode ofTask = all.path(task) instanceof ObjectNode there ? there : all.putObject(task);
        if (override == null) {
            ofTask.remove(experiment);
        } else {
            ObjectNode node = ofTask.putObject(experiment);
            node.put("version", override.version());
            node.put("halted", override.halted());
            node.put("paused", override.paused());
            if (override.rollout() != null) {
                node.put("rollout", override.rollout());
            }
            node.put("author", override.author());
            node.put("reason", override.reason());
            node.put("since", override.since().toString());
        }
        if (ofTask.isEmpty()) {
            all.remove(task);
        }
        if (all.isEmpty()) {
            changed.remove(KEY);
        }
        return changed;
    }

    /// Drops what was decided about experiments that are no more. A halt stays until somebody acknowledges it, or the
    /// experiment would only have to be taken out and put back.
    static ObjectNode pruned(ObjectNode content) {
        ObjectNode pruned = content;
        for (var task : content.path(KEY).properties()) {
            for (var entry : task.getValue().properties()) {
                RolloutOverride override = one(entry.getValue());
                if (!override.halted() && !names(content, task.getKey(), entry.getKey(), override.version())) {
                    pruned = with(pruned, task.getKey(), entry.getKey(), null);
                }
            }
        }
        return pruned;
    }

    private static boolean names(ObjectNode content, String task, String experiment, String version) {
        for (JsonNode entry : ConfigMerge.task(content, task).path("experiments")) {
            if (entry.path("name").asString("").equals(experiment)
                    && entry.path("version").asString("").equals(version)) {
                return true;
            }
        }
        return false;
    }

    /// Finds where a config would give calls to a version that was taken away, by a rule that did not before.
    static List<ConfigProblem> undone(GatewayConfig before, GatewayConfig next) {
        List<ConfigProblem> problems = new ArrayList<>();
        next.overrides()
                .forEach((task, experiments) -> experiments.forEach((name, override) -> {
                    if (!override.halted()) {
                        return;
                    }
                    Set<String> were = before.task(task).routed().getOrDefault(override.version(), Set.of());
                    for (String rule : next.task(task).routed().getOrDefault(override.version(), Set.of())) {
                        if (!were.contains(rule)
                                && !rule.equals("experiment " + name)
                                && !rule.startsWith("alias ")
                                && !rule.equals(TaskConfig.SHADOW)) {
                            problems.add(new ConfigProblem(
                                    "inference." + task + " (" + rule + ")",
                                    0,
                                    0,
                                    "version %s was taken away by %s at %s: %s. Look at it, then: patchbay rollout acknowledge %s --experiment %s"
                                            .formatted(
                                                    override.version(),
                                                    override.author(),
                                                    override.since(),
                                                    override.reason(),
                                                    task,
                                                    name)));
                        }
                    }
                }));
        return problems;
    }
}
