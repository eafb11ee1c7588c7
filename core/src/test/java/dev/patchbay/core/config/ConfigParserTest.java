package dev.patchbay.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a file means. What is refused is in the corpus of [ConfigCorpusTest].
class ConfigParserTest {

    @Test
    void everyKeyIsRead() throws Exception {
        GatewayConfig config = ConfigParser.parse(
                        Files.readString(ConfigCorpusTest.CORPUS.resolve("good/everything.yaml")))
                .config();
        assertThat(config.limits()).isEqualTo(new GatewayConfig.GatewayLimits(1 << 20, 64));
        TaskConfig task = config.task("behavior_score");
        assertThat(task.defaultVersion()).isEqualTo("stable");
        assertThat(task.resolve("stable")).isEqualTo("3.0.0");
        assertThat(task.attributes())
                .isEqualTo(Map.of("pet_id", "/pet/id", "country", "/owner/country", "odd/name", "/a~1b/m~0n/0"));
        assertThat(task.limits())
                .isEqualTo(new TaskLimits(
                        64,
                        256,
                        Duration.ofMillis(500),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(2),
                        OptionalInt.of(100),
                        20,
                        Duration.ofSeconds(10),
                        16,
                        Duration.ofMillis(2)));
        assertThat(task.experiments())
                .containsExactly(
                        experiment(
                                "beta",
                                null,
                                null,
                                "next",
                                null,
                                Map.of("country", List.of("DE", "AT"), "level", List.of("7"), "early", List.of("true")),
                                List.of(),
                                null),
                        experiment(
                                "their-half",
                                50_000L,
                                "pet_id",
                                "next",
                                "behavior/2026",
                                Map.of(),
                                List.of("tenant_b", "tenant_c"),
                                null),
                        experiment("left", 33_333L, "pet_id", "3.1.0", null, Map.of(), List.of(), "color"),
                        experiment("right", 66_667L, "pet_id", "2.9.1", null, Map.of(), List.of(), "color"),
                        experiment("chance", 1L, "request", "3.1.0", null, Map.of(), List.of(), null),
                        experiment("legacy-tenant", null, null, "2.9.1", null, Map.of(), List.of("tenant_a"), null),
                        new Experiment(
                                "careful",
                                1_000L,
                                "pet_id",
                                "next",
                                null,
                                Map.of(),
                                List.of(),
                                null,
                                new ExperimentPlan(
                                        null,
                                        List.of(1_000L, 5_500L, 100_000L),
                                        Duration.ofMinutes(10),
                                        new GuardConfig(
                                                GuardConfig.Mode.OBSERVE, 0.05, 0.005, 1.3, List.of("accepted"))),
                                null));
        assertThat(task.settingsOf("3.0.0").toString())
                .isEqualTo("{\"activeAbove\":0.65,\"labels\":[\"calm\",\"active\"],\"nothing\":null}");
        assertThat(task.settingsOf("2.9.1").path("activeAbove").doubleValue()).isEqualTo(0.6);
        assertThat(task.tenantSettingsOf("2.9.1"))
                .hasEntrySatisfying(
                        "tenant_a",
                        settings -> assertThat(settings.path("activeAbove").doubleValue())
                                .isEqualTo(0.7));
    }

    @Test
    void whatIsNotSaidHasItsDefault() {
        GatewayConfig config =
                ConfigParser.parse("inference: {behavior_score: {}}").config();
        assertThat(config.limits()).isEqualTo(new GatewayConfig.GatewayLimits(1 << 20, 64));
        assertThat(config.task("behavior_score")).isEqualTo(TaskConfig.NONE);
        assertThat(TaskConfig.NONE.limits())
                .isEqualTo(new TaskLimits(
                        0,
                        256,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        OptionalInt.empty(),
                        20,
                        Duration.ofSeconds(10),
                        0,
                        Duration.ZERO));
    }

    @Test
    void theEnvironmentIsReadByBracesAloneAndADollarIsWrittenTwice() {
        GatewayConfig config = ConfigParser.parse("""
                        inference:
                          behavior_score:
                            default_version: "${STABLE}"
                            config: {price: "$$5", plain: $HOME, other: "a-${NONE:-b}-${STABLE}", empty: "${NONE:-}"}
                        """, Set.of(), Map.of("STABLE", "3.0.0")::get)
                .config();
        assertThat(config.task("behavior_score").defaultVersion()).isEqualTo("3.0.0");
        assertThat(config.task("behavior_score").settings().toString())
                .isEqualTo("{\"price\":\"$5\",\"plain\":\"$HOME\",\"other\":\"a-b-3.0.0\",\"empty\":\"\"}");
    }

    private static Experiment experiment(
            String name,
            @Nullable Long rollout,
            @Nullable String unit,
            String version,
            @Nullable String salt,
            Map<String, List<String>> match,
            List<String> tenants,
            @Nullable String layer) {
        ExperimentPlan plan = new ExperimentPlan(rollout, List.of(), Duration.ofMinutes(30), GuardConfig.DEFAULT);
        return new Experiment(name, rollout, unit, version, salt, match, tenants, layer, plan, null);
    }
}
