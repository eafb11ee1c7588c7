package dev.patchbay.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigParser;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.schema.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Holds the router to `routing-vectors/*.json`, which `routing-vectors/generate.py` computed without it. Configs go
/// through the parser and bodies through the reader that ship.
class RoutingVectorsTest {

    private static final List<String> TOPICS =
            List.of("hashing", "percentages", "precedence", "targeting", "unavailable");
    private static final int REVISION = 41;

    private final JsonMapper json = JsonMapper.shared();
    private final JsonReader bodies = new JsonReader(64);

    @Test
    void thereAreAtLeastFiveHundred() {
        long count = TOPICS.stream()
                .flatMap(topic -> groups(topic).valueStream())
                .mapToLong(group -> group.path("vectors").size())
                .sum();
        assertThat(count).isGreaterThanOrEqualTo(500);
    }

    @TestFactory
    Stream<DynamicContainer> everyVectorIsRoutedAsItSays() {
        return TOPICS.stream()
                .map(topic ->
                        dynamicContainer(topic, groups(topic).valueStream().map(this::group)));
    }

    private DynamicContainer group(JsonNode group) {
        Router router = new Router();
        group.path("ready")
                .forEachEntry((task, versions) ->
                        versions.forEach(version -> router.ready(new ModuleKey(task, version.stringValue()))));
        GatewayConfig config =
                ConfigParser.parse(group.path("config").toString()).config();
        router.activate(REVISION, config);
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : group.path("vectors")) {
            RouteQuery query = query(group.path("task").stringValue(), vector);
            tests.add(dynamicTest("vector " + tests.size(), () -> {
                assertThat(resolved(router, query)).as("%s", vector).isEqualTo(expected(vector));
                assertThat(hashes(router, query)).as("%s", vector).isEqualTo(expectedHashes(vector));
            }));
        }
        return dynamicContainer(group.path("about").stringValue(), tests);
    }

    private RouteQuery query(String task, JsonNode vector) {
        Map<String, String> baggage = new LinkedHashMap<>();
        vector.path("baggage").forEachEntry((name, value) -> baggage.put(name, value.stringValue()));
        JsonNode body = vector.has("body") ? vector.get("body") : JsonNodeFactory.instance.objectNode();
        return new RouteQuery(
                vector.path("task").asString(task),
                text(vector, "tenant"),
                text(vector, "pin"),
                vector.path("request_id").asString("r"),
                bodies.read(body.toString().getBytes(StandardCharsets.UTF_8)),
                baggage);
    }

    private static Map<String, Object> resolved(Router router, RouteQuery query) {
        Map<String, Object> result = new LinkedHashMap<>();
        try {
            Resolution resolution = router.resolve(query);
            assertThat(resolution.revision()).isEqualTo(REVISION);
            result.put("version", resolution.version());
            result.put("reason", resolution.reason().name());
            if (resolution.rule() != null) {
                result.put("rule", resolution.rule());
            }
            result.put("skipped", resolution.skipped());
        } catch (InferenceException refused) {
            result.put("error", refused.code().id());
        }
        return result;
    }

    private static Map<String, Object> expected(JsonNode vector) {
        Map<String, Object> result = new LinkedHashMap<>();
        for (String field : List.of("version", "reason", "rule", "error")) {
            if (vector.has(field)) {
                result.put(field, vector.path(field).stringValue());
            }
        }
        if (!vector.has("error")) {
            result.put(
                    "skipped",
                    vector.path("skipped")
                            .valueStream()
                            .map(JsonNode::stringValue)
                            .toList());
        }
        return result;
    }

    /// Rule → where its unit falls, in percent; the division of a 32-bit number by 2^32 is exact.
    private static Map<String, Double> hashes(Router router, RouteQuery query) {
        Map<String, Double> buckets = new LinkedHashMap<>();
        try {
            for (Explanation.Step step : router.table().explain(query).steps()) {
                if (step.rule() != null && step.bucket() != null) {
                    buckets.put(step.rule(), step.bucket());
                }
            }
        } catch (InferenceException unknownTask) {
            assertThat(unknownTask.code().id()).isEqualTo("unknown-task");
        }
        return buckets;
    }

    private static Map<String, Double> expectedHashes(JsonNode vector) {
        Map<String, Double> buckets = new LinkedHashMap<>();
        vector.path("hashes").forEachEntry((rule, hash) -> buckets.put(rule, hash.longValue() * 100.0 / 4294967296.0));
        return buckets;
    }

    private JsonNode groups(String topic) {
        String file = "/routing-vectors/" + topic + ".json";
        try (InputStream in = RoutingVectorsTest.class.getResourceAsStream(file)) {
            assertThat(in).as(file).isNotNull();
            return json.readTree(in).path("groups");
        } catch (IOException e) {
            throw new AssertionError(file, e);
        }
    }

    private static @Nullable String text(JsonNode vector, String field) {
        return vector.has(field) ? vector.path(field).stringValue() : null;
    }
}
