package dev.patchbay.core.tensor;

import dev.patchbay.api.FieldError;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.core.schema.JsonSchema;
import dev.patchbay.core.schema.JsonValues;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a model says about the values of one of its inputs.
final class ValueRules {

    private final Map<String, Object> rules;
    private final JsonSchema schema;

    ValueRules(TensorSpec spec) {
        this.rules = spec.values();
        this.schema = JsonSchema.compile(JsonValues.tree(rules));
    }

    /// Tells what is wrong with a tensor, with the place of the value.
    Optional<String> wrong(Tensor tensor) {
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < tensor.size(); i++) {
            List<FieldError> errors = schema.check(JsonValues.tree(Array.get(tensor.values(), i)));
            if (!errors.isEmpty()) {
                String place = tensor.size() == 1 ? "" : "[" + i + "] ";
                return Optional.of(place + errors.getFirst().message());
            }
        }
        return Optional.empty();
    }

    /// Puts a value that is allowed into every place of an array, if the value that is there is not.
    void makeValid(Object values) {
        JsonNode first = Array.getLength(values) == 0 ? null : JsonValues.tree(Array.get(values, 0));
        if (first == null || schema.check(first).isEmpty()) {
            return;
        }
        Object valid = candidates(rules)
                .filter(candidate -> schema.check(JsonValues.tree(candidate)).isEmpty())
                .findFirst()
                .orElse(null);
        for (int i = 0; valid != null && i < Array.getLength(values); i++) {
            switch (values) {
                case String[] array -> array[i] = valid.toString();
                case double[] array when valid instanceof Number number -> array[i] = number.doubleValue();
                case float[] array when valid instanceof Number number -> array[i] = number.floatValue();
                case long[] array when valid instanceof Number number -> array[i] = number.longValue();
                case int[] array when valid instanceof Number number -> array[i] = number.intValue();
                case boolean[] array when valid instanceof Boolean truth -> array[i] = truth;
                default -> {}
            }
        }
    }

    /// Lists what stands in the rules, and what lies between and beside it.
    private static Stream<Object> candidates(Map<?, ?> rules) {
        if (rules.get("enum") instanceof List<?> values) {
            return values.stream().map(Object.class::cast);
        }
        if (rules.get("anyOf") instanceof List<?> ways) {
            return ways.stream().filter(Map.class::isInstance).flatMap(way -> candidates((Map<?, ?>) way));
        }
        List<Double> bounds = Stream.of("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
                .map(rules::get)
                .filter(Number.class::isInstance)
                .map(bound -> ((Number) bound).doubleValue())
                .toList();
        Stream<Double> beside = bounds.stream().flatMap(bound -> Stream.of(bound, bound + 1, bound - 1));
        Stream<Double> between =
                bounds.size() == 2 ? Stream.of((bounds.getFirst() + bounds.getLast()) / 2) : Stream.of();
        return Stream.concat(beside, between).map(Object.class::cast);
    }
}
