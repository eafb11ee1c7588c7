package dev.patchbay.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigParser;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.registry.ModuleKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What holds of routing for every config and every call. Random ones come from fixed seeds, so that a failure
/// comes again. Explaining and deciding are compared for 25,000 calls with all tests; a million runs with
/// `-Dpatchbay.contexts=1000000`.
class RoutingPropertiesTest {

    private static final String TASK = "score";
    private static final List<String> VERSIONS = List.of("1.0.0", "2.0.0", "3.0.0", "4.0.0");
    private static final int UNITS = 10_000;
    private static final int CONFIGS = 50;
    private static final int SEEDS = 5;
    private static final int CALLS = Integer.getInteger("patchbay.contexts", 25_000) / (CONFIGS * SEEDS);

    private static final String CANARY = """
            inference:
              score:
                default_version: "1.0.0"
                experiments:
                  - {name: canary, rollout: %s, unit: pet_id, version: "2.0.0"}
                  - {name: legacy, tenants: [tenant_a], version: "3.0.0"}
            """;

    @Test
    void tenPercentOfTenThousandUnitsAreTenPercent() {
        Router router = router(CANARY.formatted("10"), VERSIONS);
        long canary = units().filter(unit -> router.resolve(of(unit)).version().equals("2.0.0"))
                .count();
        assertThat(canary * 100.0 / UNITS).isCloseTo(10.0, within(0.6));
    }

    @Test
    void aUnitHasTheSameVersionWheneverAndByWhicheverGatewayItIsAsked() {
        Router one = router(CANARY.formatted("10"), VERSIONS);
        Router other = router(CANARY.formatted("10"), VERSIONS);
        assertThat(units().filter(unit -> {
                    String version = one.resolve(of(unit)).version();
                    RouteQuery later = new RouteQuery(TASK, "tenant_c", null, "another request", body(unit), Map.of());
                    return !one.resolve(later).version().equals(version)
                            || !other.resolve(of(unit)).version().equals(version);
                }))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.25"})
    void raisingThePercentageMovesNobodyOut(String step) {
        Set<String> inside = new HashSet<>();
        for (BigDecimal percent = BigDecimal.ZERO;
                percent.compareTo(BigDecimal.valueOf(100)) <= 0;
                percent = percent.add(new BigDecimal(step))) {
            Router router = router(CANARY.formatted(percent.toPlainString()), VERSIONS);
            Set<String> now = new HashSet<>(
                    units().filter(unit -> router.resolve(of(unit)).version().equals("2.0.0"))
                            .toList());
            inside.removeAll(now);
            assertThat(inside).as("left at %s %%", percent).isEmpty();
            inside = now;
        }
        assertThat(inside).hasSize(UNITS);
    }

    /// A decision looks its task up and then at nothing but its rules, so that others cost it nothing. How long it
    /// takes
    /// is told, not judged.
    @Test
    void aThousandTasksWithThreeVersionsEachAreDecidedAsOneIs() {
        StringBuilder config = new StringBuilder("inference:\n");
        Router many = new Router();
        for (int task = 0; task < 1_000; task++) {
            config.append(CANARY.formatted("10")
                    .replace("inference:\n", "")
                    .replace("score:", "task_" + task + ":")
                    .replace("{name: canary,", "{name: canary, salt: same,"));
            for (String version : List.of("1.0.0", "2.0.0", "3.0.0")) {
                many.ready(new ModuleKey("task_" + task, version));
            }
        }
        many.activate(1, ConfigParser.parse(config.toString()).config());
        Router one = router(CANARY.formatted("10").replace("{name: canary,", "{name: canary, salt: same,"), VERSIONS);
        for (Router asked : List.of(one, many, one, many)) {
            long from = System.nanoTime();
            int calls = 0;
            for (int task = 0; task < 1_000; task++) {
                for (int unit = 0; unit < 50; unit++) {
                    String name = asked == one ? TASK : "task_" + task;
                    RouteQuery query = new RouteQuery(name, "tenant_b", null, "r", body("pet-" + unit), Map.of());
                    String version = asked.resolve(query).version();
                    calls++;
                    if (task % 100 == 0) {
                        assertThat(version)
                                .isEqualTo(one.resolve(of("pet-" + unit)).version());
                    }
                }
            }
            System.out.printf(
                    "%d decisions among %s: %d ns each%n",
                    calls, asked == one ? "one task" : "1,000 tasks", (System.nanoTime() - from) / calls);
        }
    }

    @Test
    void anExperimentAboveOrBelowMovesNobodyAmongThoseItDoesNotTake() {
        String alone = CANARY.formatted("30");
        String withOther = alone.replace(
                "experiments:\n", "experiments:\n      - {name: new, rollout: 20, unit: pet_id, version: \"4.0.0\"}\n");
        Router before = router(alone, VERSIONS);
        Router after = router(withOther, VERSIONS);
        assertThat(units().filter(unit -> !after.resolve(of(unit)).version().equals("4.0.0"))
                        .filter(unit -> !after.resolve(of(unit))
                                .version()
                                .equals(before.resolve(of(unit)).version())))
                .isEmpty();
    }

    @Test
    void twoExperimentsAreIndependentAndThoseOfALayerExcludeEachOther() {
        String two = """
                inference:
                  score:
                    default_version: "1.0.0"
                    experiments:
                      - {name: one, rollout: 20, unit: pet_id, version: "2.0.0"%s}
                      - {name: other, rollout: 20, unit: pet_id, version: "3.0.0"%s}
                """;
        Router independent = router(two.formatted("", ""), List.of("1.0.0", "3.0.0"));
        double both = share(
                independent,
                resolution -> resolution.rule() != null && resolution.skipped().equals(List.of("one")));
        assertThat(both).isCloseTo(4.0, within(0.6));

        Router layer = router(two.formatted(", layer: l", ", layer: l"), List.of("1.0.0", "3.0.0"));
        assertThat(share(
                        layer,
                        resolution -> resolution.rule() != null
                                && resolution.skipped().equals(List.of("one"))))
                .isZero();
        assertThat(share(layer, resolution -> resolution.skipped().equals(List.of("one"))))
                .isCloseTo(20, within(1.0));
        assertThat(share(layer, resolution -> resolution.version().equals("3.0.0")))
                .isCloseTo(20, within(1.0));
    }

    @Test
    void aTenantsVersionGoesBeforeEveryExperiment() {
        Router router = router(CANARY.formatted("100"), VERSIONS);
        assertThat(units().map(unit ->
                        router.resolve(new RouteQuery(TASK, "tenant_a", null, "r", body(unit), Map.of()))))
                .allMatch(resolution ->
                        resolution.equals(new Resolution("3.0.0", Reason.TENANT, "legacy", 1, List.of())));
    }

    @Test
    void theFirstExperimentThatHoldsAUnitTakesIt() {
        String both = """
                inference:
                  score:
                    default_version: "1.0.0"
                    experiments:
                      - {name: %s, rollout: 50, unit: pet_id, version: "2.0.0"}
                      - {name: %s, rollout: 50, unit: pet_id, version: "2.0.0"}
                """;
        Router down = router(both.formatted("a", "b"), VERSIONS);
        Router up = router(both.formatted("b", "a"), VERSIONS);
        long taken = units().filter(unit -> "a".equals(down.resolve(of(unit)).rule())
                        && "b".equals(up.resolve(of(unit)).rule()))
                .count();
        assertThat(taken * 100.0 / UNITS).isCloseTo(25, within(1.5));
        assertThat(units().filter(unit ->
                        down.resolve(of(unit)).reason() != up.resolve(of(unit)).reason()))
                .isEmpty();
    }

    @Test
    void aVersionThatIsNotReadyIsSkippedAndRecorded() {
        Router router = router(CANARY.formatted("100"), List.of("1.0.0"));
        assertThat(router.resolve(of("luna")))
                .extracting(Resolution::version, Resolution::header)
                .containsExactly("1.0.0", "reason=DEFAULT;rev=1;skipped=canary");
        assertThat(router.resolve(new RouteQuery(TASK, "tenant_a", null, "r", body("luna"), Map.of()))
                        .header())
                .isEqualTo("reason=DEFAULT;rev=1;skipped=legacy,canary");

        router.ready(new ModuleKey(TASK, "2.0.0"));
        assertThat(router.resolve(of("luna")))
                .extracting(Resolution::version, Resolution::header)
                .containsExactly("2.0.0", "reason=SPLIT;rule=canary;rev=1");
        router.notReady(new ModuleKey(TASK, "2.0.0"));
        assertThat(router.resolve(of("luna")).skipped()).containsExactly("canary");
    }

    /// Deciding and explaining are the same: for every random config and call the explanation ends where the call
    /// goes, its steps are in the order of the rules, and just one of them chose.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void explainTellsWhatHappens(long seed) {
        Random random = new Random(seed);
        for (int config = 0; config < CONFIGS; config++) {
            ObjectNode section = section(random);
            List<String> ready = some(random, VERSIONS);
            Router router = router(
                    JsonNodeFactory.instance
                            .objectNode()
                            .set(
                                    "inference",
                                    JsonNodeFactory.instance.objectNode().set(TASK, section))
                            .toString(),
                    ready);
            for (int call = 0; call < CALLS; call++) {
                RouteQuery query = query(random);
                if (section.has("flag") && random.nextInt(10) > 0) {
                    query = query.with(answer(random));
                }
                try {
                    assertExplained(router, query, section);
                } catch (AssertionError | RuntimeException failure) {
                    throw new AssertionError("%s, ready %s, %s".formatted(section, ready, query), failure);
                }
            }
        }
    }

    private static void assertExplained(Router router, RouteQuery query, ObjectNode section) {
        Explanation explanation = router.table().explain(query);
        Resolution resolution = explanation.resolution();
        try {
            assertThat(router.resolve(query)).isEqualTo(resolution);
            assertThat(explanation.failure()).isNull();
        } catch (InferenceException refused) {
            assertThat(resolution).isNull();
            assertThat(explanation.failure()).isEqualTo(refused.getMessage());
        }
        List<Explanation.Step> steps = explanation.steps();
        List<Explanation.Step> chosen = with(steps, "chosen");
        if (resolution == null) {
            assertThat(chosen).isEmpty();
        } else {
            assertThat(chosen).containsExactly(steps.getLast());
            assertThat(chosen.getFirst().version()).isEqualTo(resolution.version());
            assertThat(chosen.getFirst().rule()).isEqualTo(resolution.rule());
            assertThat(steps.stream().flatMap(RoutingPropertiesTest::skipped))
                    .containsExactlyElementsOf(resolution.skipped());
        }
        List<String> order = section.path("experiments")
                .valueStream()
                .map(entry -> entry.path("name").stringValue())
                .toList();
        assertThat(steps.stream()
                        .filter(step -> step.kind().equals("experiment"))
                        .map(step -> order.indexOf(step.rule()))
                        .toList())
                .isSorted();
        for (Explanation.Step step : steps) {
            if (step.bucket() != null && step.from() != null && step.until() != null) {
                boolean inside = step.bucket() >= step.from() && step.bucket() < step.until();
                assertThat(step.outcome().equals("outside")).isNotEqualTo(inside);
            }
        }
    }

    private static Stream<String> skipped(Explanation.Step step) {
        if (step.kind().equals("flag")) {
            return Set.of("chosen", "no_value", "not_asked").contains(step.outcome())
                    ? Stream.of()
                    : Stream.of(step.rule() + ":" + step.outcome());
        }
        String rule = step.rule();
        return rule != null && step.outcome().equals("not_ready") ? Stream.of(rule) : Stream.of();
    }

    private static FlagAnswer answer(Random random) {
        FlagAnswer.Result result = FlagAnswer.Result.values()[random.nextInt(FlagAnswer.Result.values().length)];
        return result == FlagAnswer.Result.VALUE || random.nextBoolean()
                ? new FlagAnswer(
                        FlagAnswer.Result.VALUE, one(random, List.of("1.0.0", "4.0.0", "9.0.0", "stable")), "why")
                : new FlagAnswer(result, null, "why");
    }

    private static List<Explanation.Step> with(List<Explanation.Step> steps, String outcome) {
        return steps.stream().filter(step -> step.outcome().equals(outcome)).toList();
    }

    private static ObjectNode section(Random random) {
        ObjectNode section = JsonNodeFactory.instance.objectNode();
        if (random.nextInt(10) > 0) {
            section.put("default_version", one(random, VERSIONS));
        }
        section.putObject("aliases").put("stable", one(random, VERSIONS));
        if (random.nextBoolean()) {
            section.putObject("attributes").put("pet_id", "/pet/id").put("cohort", "/cohort");
        }
        if (random.nextInt(6) == 0) {
            section.putObject("flag").put("key", "score").put("unit", "pet_id");
            return section;
        }
        ArrayNode experiments = section.putArray("experiments");
        List<String> tenants = new ArrayList<>(List.of("a", "b", "c"));
        Map<String, Integer> layers = new HashMap<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            ObjectNode entry = experiments.addObject().put("name", "rule-" + i);
            entry.put("version", random.nextInt(5) == 0 ? "stable" : one(random, VERSIONS));
            if (random.nextInt(4) == 0 && !tenants.isEmpty()) {
                entry.putArray("tenants").add(tenants.removeFirst());
                continue;
            }
            int thousandths = random.nextInt(4) == 0 ? random.nextInt(2) * 100_000 : random.nextInt(100_001);
            if (random.nextInt(3) == 0) {
                int left = layers.getOrDefault("l", 100_000);
                thousandths = Math.min(thousandths, left);
                layers.put("l", left - thousandths);
                entry.put("layer", "l");
            } else if (random.nextInt(3) == 0) {
                entry.put("salt", "salt-" + random.nextInt(3));
            }
            entry.put("rollout", BigDecimal.valueOf(thousandths, 3));
            entry.put("unit", one(random, List.of("pet_id", "owner", "request")));
            if (random.nextInt(3) == 0) {
                entry.putObject("match").putArray("cohort").add("beta").add("7");
            }
            if (random.nextInt(3) == 0) {
                entry.putArray("tenants").add("a").add("d");
            }
        }
        return section;
    }

    private static RouteQuery query(Random random) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        maybe(random, body, "pet_id", "pet-" + random.nextInt(1000));
        if (random.nextBoolean()) {
            maybe(random, body.putObject("pet"), "id", "pet-" + random.nextInt(1000));
        }
        maybe(random, body, "owner", "Žofie-" + random.nextInt(50));
        maybe(random, body, "cohort", one(random, List.of("beta", "alpha")));
        if (random.nextInt(5) == 0) {
            body.put("cohort", 7);
        }
        Map<String, String> baggage = new LinkedHashMap<>();
        if (random.nextInt(3) == 0) {
            baggage.put("pet_id", "pet-" + random.nextInt(1000));
            baggage.put("cohort", "beta");
        }
        return new RouteQuery(
                TASK,
                orNull(random, List.of("a", "b", "c", "d")),
                random.nextInt(10) == 0 ? one(random, List.of("1.0.0", "9.0.0", "stable", "latest")) : null,
                "request-" + random.nextInt(),
                body,
                baggage);
    }

    private static void maybe(Random random, ObjectNode object, String name, String value) {
        if (random.nextInt(4) > 0) {
            object.put(name, value);
        }
    }

    private static @Nullable String orNull(Random random, List<String> values) {
        return random.nextInt(3) == 0 ? null : one(random, values);
    }

    private static String one(Random random, List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static List<String> some(Random random, List<String> values) {
        return values.stream().filter(value -> random.nextInt(4) > 0).toList();
    }

    private static double share(Router router, Predicate<Resolution> which) {
        return units().map(unit -> router.resolve(of(unit))).filter(which).count() * 100.0 / UNITS;
    }

    private static Stream<String> units() {
        return IntStream.range(0, UNITS).mapToObj(number -> "pet-" + number);
    }

    private static RouteQuery of(String unit) {
        return new RouteQuery(TASK, "tenant_b", null, "request", body(unit), Map.of());
    }

    private static JsonNode body(String unit) {
        return JsonNodeFactory.instance.objectNode().put("pet_id", unit);
    }

    private static Router router(String yaml, List<String> ready) {
        GatewayConfig config = ConfigParser.parse(yaml).config();
        Router router = new Router();
        ready.forEach(version -> router.ready(new ModuleKey(TASK, version)));
        router.activate(1, config);
        return router;
    }
}
