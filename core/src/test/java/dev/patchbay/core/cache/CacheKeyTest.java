package dev.patchbay.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.schema.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Which calls are equal.
class CacheKeyTest {

    private static CacheKey key(String json) {
        return CacheKey.of(1, "acme", false, new JsonReader(64).read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theOrderOfFieldsAndBlanksDoNotMatter() {
        assertThat(key("{\"b\": [1, {\"y\": 2, \"x\": null}], \"a\": \"é\"}"))
                .isEqualTo(key("{\"a\":\"\\u00e9\",\"b\":[1,{\"x\":null,\"y\":2}]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a": 1}            | {"a": 1.0}
            {"a": 1}            | {"a": "1"}
            {"a": 1}            | {"a": true}
            {"a": null}         | {}
            {"a": [1, 2]}       | {"a": [2, 1]}
            {"a": [[1], 2]}     | {"a": [1, [2]]}
            {"a": {"b": 1}}     | {"a": 1, "b": 1}
            {"ab": "c"}         | {"a": "bc"}
            {"a": [{}, []]}     | {"a": [[], {}]}
            {"a": 9007199254740993} | {"a": 9007199254740992}
            """)
    void whatAModuleCanTellApartIsNotEqual(String one, String other) {
        assertThat(key(one)).isNotEqualTo(key(other));
    }

    @Test
    void longArraysOfNumbersAreToldApartByEveryNumber() {
        String numbers = IntStream.range(0, 784).mapToObj(i -> i + ".5").collect(Collectors.joining(","));
        assertThat(key("[" + numbers + "]")).isEqualTo(key("[ " + numbers + "]"));
        assertThat(key("[" + numbers + "]")).isNotEqualTo(key("[" + numbers.replace("783.5", "783.25") + "]"));
        assertThat(key("[" + numbers + "]")).isNotEqualTo(key("[" + numbers.replace("783.5", "783") + "]"));
    }

    @Test
    void aFloatOfAModuleIsNotTheDoubleOfACaller() {
        var factory = JsonNodeFactory.instance;
        assertThat(CacheKey.of(1, null, false, factory.objectNode().put("x", 0.1f)))
                .isNotEqualTo(CacheKey.of(1, null, false, factory.objectNode().put("x", 0.1)));
    }

    @Test
    void tenantsInstancesAndStreamsAreKeptApart() {
        var request = JsonNodeFactory.instance.objectNode();
        assertThat(CacheKey.of(1, "acme", false, request))
                .isNotEqualTo(CacheKey.of(1, "umbrella", false, request))
                .isNotEqualTo(CacheKey.of(1, null, false, request))
                .isNotEqualTo(CacheKey.of(1, "acme", true, request))
                .isNotEqualTo(CacheKey.of(2, "acme", false, request));
    }
}
