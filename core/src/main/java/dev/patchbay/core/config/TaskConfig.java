package dev.patchbay.core.config;

import dev.patchbay.core.registry.VersionOrder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The section of one task under `inference`.
///
/// @param defaultVersion a version or an alias; null if calls must name one
/// @param attributes routing attribute → JSON Pointer into the request
/// @param aliases other name → version
/// @param settings module settings for all versions
/// @param versionSettings version → settings over the former
/// @param tenantSettings tenant → settings over both
/// @param outcomes what callers may tell about answers → whether a higher value is better
/// @param shadows versions that are asked for comparison only
/// @param resilience what is done when a version fails
/// @param cache whether answers are kept
/// @param flag the flag that decides versions; null if the file does
public record TaskConfig(
        @Nullable String defaultVersion,
        Map<String, String> attributes,
        Map<String, String> aliases,
        List<Experiment> experiments,
        TaskLimits limits,
        ObjectNode settings,
        Map<String, ObjectNode> versionSettings,
        Map<String, ObjectNode> tenantSettings,
        Map<String, Boolean> outcomes,
        List<ShadowConfig> shadows,
        ResilienceConfig resilience,
        CacheConfig cache,
        @Nullable FlagConfig flag) {

    /// A section that takes no feedback, asks no shadows and no flag, lets failures be and keeps no answers.
    public TaskConfig(
            @Nullable String defaultVersion,
            Map<String, String> attributes,
            Map<String, String> aliases,
            List<Experiment> experiments,
            TaskLimits limits,
            ObjectNode settings,
            Map<String, ObjectNode> versionSettings,
            Map<String, ObjectNode> tenantSettings) {
        this(
                defaultVersion,
                attributes,
                aliases,
                experiments,
                limits,
                settings,
                versionSettings,
                tenantSettings,
                Map.of(),
                List.of(),
                ResilienceConfig.NONE,
                CacheConfig.NONE,
                null);
    }

    static final String SHADOW = "shadow";

    /// A task without a section.
    public static final TaskConfig NONE = new TaskConfig(
            null,
            Map.of(),
            Map.of(),
            List.of(),
            TaskLimits.DEFAULT,
            JsonNodeFactory.instance.objectNode(),
            Map.of(),
            Map.of());

    /// Gives the version that a version or an alias means.
    public String resolve(String name) {
        return aliases.getOrDefault(name, name);
    }

    /// Gives the settings of a version.
    public ObjectNode settingsOf(String version) {
        ObjectNode merged = settings.deepCopy();
        ObjectNode over = versionSettings.get(version);
        if (over != null) {
            merged.setAll(over);
        }
        return merged;
    }

    /// Gives the settings of a version for each tenant that has its own.
    public Map<String, ObjectNode> tenantSettingsOf(String version) {
        Map<String, ObjectNode> merged = new TreeMap<>();
        tenantSettings.forEach((tenant, over) -> {
            ObjectNode settings = settingsOf(version);
            settings.setAll(over);
            merged.put(tenant, settings);
        });
        return merged;
    }

    /// Lists every version that the section sends calls or copies of calls to, with the rules that do.
    public Map<String, Set<String>> routed() {
        Map<String, Set<String>> routed = new TreeMap<>(VersionOrder.OLD_TO_NEW);
        if (defaultVersion != null) {
            rule(routed, resolve(defaultVersion), "default_version");
        }
        aliases.forEach((alias, version) -> rule(routed, version, "alias " + alias));
        for (Experiment experiment : experiments) {
            rule(routed, resolve(experiment.version()), "experiment " + experiment.name());
        }
        for (ShadowConfig shadow : shadows) {
            rule(routed, resolve(shadow.version()), SHADOW);
        }
        if (resilience.fallback() instanceof ResilienceConfig.Fallback.Version(String version)) {
            rule(routed, resolve(version), "fallback");
        }
        return routed;
    }

    private static void rule(Map<String, Set<String>> routed, String version, String rule) {
        routed.computeIfAbsent(version, v -> new LinkedHashSet<>()).add(rule);
    }
}
