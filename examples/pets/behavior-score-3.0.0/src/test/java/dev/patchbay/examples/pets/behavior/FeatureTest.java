package dev.patchbay.examples.pets.behavior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.patchbay.core.schema.JsonSchema;
import dev.patchbay.core.schema.RecordCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Serving computes what training computed.
class FeatureTest {

    private static final String VERSION = "3.0.0";

    private final JsonNode training = JsonMapper.shared().readTree(Path.of("../training/vectors.json"));

    @Test
    void features_come_in_the_order_of_the_training() {
        assertThat(Stream.of(Feature.values()).map(feature -> feature.name().toLowerCase(Locale.ROOT)))
                .containsExactlyElementsOf(training.at("/features/" + VERSION)
                        .valueStream()
                        .map(JsonNode::stringValue)
                        .toList());
    }

    @TestFactory
    Stream<DynamicTest> features_are_those_of_the_training() throws IOException {
        RecordCodec codec = codec();
        double tolerance = training.get("feature_tolerance").doubleValue();
        return training.get("vectors")
                .valueStream()
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").stringValue(), () -> {
                    BehaviorRequest request = (BehaviorRequest) codec.decode(vector.get("request"));
                    JsonNode expected = vector.at("/expected/" + VERSION + "/features");
                    float[] features = Feature.of(request);
                    assertThat(features).hasSize(expected.size());
                    for (Feature feature : Feature.values()) {
                        assertThat((double) features[feature.ordinal()])
                                .as(feature.name())
                                .isCloseTo(expected.get(feature.ordinal()).doubleValue(), within(tolerance));
                    }
                }));
    }

    private static RecordCodec codec() throws IOException {
        try (InputStream in = BehaviorScore.class.getResourceAsStream("/META-INF/patchbay/module.json")) {
            JsonNode descriptor = JsonMapper.shared().readTree(Objects.requireNonNull(in));
            return new RecordCodec(
                    BehaviorRequest.class,
                    JsonSchema.compile(descriptor.at("/request/schema")),
                    JsonSchema.compile(descriptor.at("/response/schema")),
                    null,
                    BehaviorRequest.class.getClassLoader());
        }
    }
}
