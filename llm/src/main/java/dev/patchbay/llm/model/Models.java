package dev.patchbay.llm.model;

import dev.patchbay.llm.config.LlmConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The models of one config: immutable, and whoever holds it may finish with it after another is in force.
public final class Models {

    /// No model at all.
    public static final Models NONE = new Models(LlmConfigs.EMPTY, Map.of(), Map.of(), Map.of());

    private final LlmConfig config;
    private final Map<String, ProviderLine> lines;
    private final Map<LlmConfig.Target, Target> targets;
    private final Map<String, List<Target>> models;

    private Models(
            LlmConfig config,
            Map<String, ProviderLine> lines,
            Map<LlmConfig.Target, Target> targets,
            Map<String, List<Target>> models) {
        this.config = config;
        this.lines = lines;
        this.targets = targets;
        this.models = models;
    }

    /// Makes the models of a config. Connections and what is known about targets are taken over from the models
    /// before, where their settings are the same.
    public Models with(LlmConfig next, LongSupplier nanoTime) {
        Map<String, ProviderLine> nextLines = new HashMap<>();
        next.providers().forEach((name, provider) -> {
            ProviderLine before = lines.get(name);
            nextLines.put(
                    name, before != null && before.provider().equals(provider) ? before : new ProviderLine(provider));
        });
        boolean sameRules =
                next.retry().equals(config.retry()) && next.cooldown().equals(config.cooldown());
        Map<LlmConfig.Target, Target> nextTargets = new HashMap<>();
        Map<String, List<Target>> nextModels = new HashMap<>();
        next.models()
                .forEach((name, names) -> nextModels.put(
                        name,
                        names.stream()
                                .map(target -> nextTargets.computeIfAbsent(target, t -> {
                                    ProviderLine line = Objects.requireNonNull(nextLines.get(t.provider()));
                                    Target before = targets.get(t);
                                    return before != null
                                                    && sameRules
                                                    && line == lines.get(t.provider())
                                                    && Objects.equals(
                                                            next.rates().get(t),
                                                            config.rates().get(t))
                                            ? before
                                            : new Target(t, line, next, nanoTime);
                                }))
                                .toList()));
        return new Models(next, nextLines, nextTargets, nextModels);
    }

    /// Gives what the models were made of.
    public LlmConfig config() {
        return config;
    }

    /// Gives the targets of a model, in the order in which they are asked.
    public @Nullable List<Target> targets(String model) {
        return models.get(model);
    }

    /// Lists the models.
    public Set<String> names() {
        return new java.util.TreeSet<>(models.keySet());
    }

    /// Ends what was started for the models; for the end of the gateway.
    public void close() {
        lines.values().forEach(ProviderLine::close);
    }

    /// The config without a section.
    private static final class LlmConfigs {
        static final LlmConfig EMPTY = dev.patchbay.llm.config.LlmConfigReader.read(Map.of());
    }
}
