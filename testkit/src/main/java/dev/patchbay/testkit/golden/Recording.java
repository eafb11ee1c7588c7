package dev.patchbay.testkit.golden;

import dev.patchbay.core.golden.Expectation;
import dev.patchbay.core.golden.GoldenInvalid;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns answers into an expectation that the module meets today. Numbers with a fraction may differ in the fourth
/// digit, since processors round differently. What differs between the answers is left out.
final class Recording {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final MathContext DIGITS = new MathContext(6);
    private static final BigDecimal TOLERANCE = new BigDecimal("0.0001");

    private final List<String> leftOut = new ArrayList<>();

    /// Makes an expectation of answers to the same request.
    JsonNode of(List<JsonNode> answers) {
        return of(answers, "");
    }

    /// Lists the places that were left out because they were not the same every time.
    List<String> leftOut() {
        return leftOut;
    }

    private JsonNode of(List<JsonNode> answers, String path) {
        JsonNode first = answers.getFirst();
        if (first.isObject() && answers.stream().allMatch(JsonNode::isObject)) {
            return object(first, answers, path);
        }
        if (first.isArray() && answers.stream().allMatch(answer -> answer.isArray() && answer.size() == first.size())) {
            return array(first, answers, path);
        }
        if (answers.stream().anyMatch(answer -> !answer.equals(first))) {
            leftOut.add(path);
            return JSON.objectNode().put("present", true);
        }
        return one(first);
    }

    private JsonNode object(JsonNode first, List<JsonNode> answers, String path) {
        ObjectNode expectation = JSON.objectNode();
        for (Map.Entry<String, JsonNode> entry : first.properties()) {
            String at = path + "/" + entry.getKey();
            List<JsonNode> values =
                    answers.stream().map(answer -> answer.path(entry.getKey())).toList();
            if (values.stream().anyMatch(JsonNode::isMissingNode)) {
                leftOut.add(at);
            } else {
                expectation.set(entry.getKey(), of(values, at));
            }
        }
        return looksLikeRules(expectation) ? JSON.objectNode().set("equals", first) : expectation;
    }

    private JsonNode array(JsonNode first, List<JsonNode> answers, String path) {
        ArrayNode expectation = JSON.arrayNode();
        for (int i = 0; i < first.size(); i++) {
            int item = i;
            expectation.add(of(answers.stream().map(answer -> answer.get(item)).toList(), path + "/" + i));
        }
        return expectation;
    }

    private static JsonNode one(JsonNode value) {
        if (!value.isNumber() || value.isIntegralNumber() || isWhole(value.decimalValue())) {
            return value;
        }
        BigDecimal rounded = value.decimalValue().round(DIGITS).stripTrailingZeros();
        BigDecimal within = TOLERANCE.scaleByPowerOfTen(rounded.precision() - rounded.scale());
        ObjectNode near = JSON.objectNode();
        near.put("near", rounded);
        near.put("within", within.stripTrailingZeros());
        return near;
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    /// A field of an answer may be called like a rule.
    private static boolean looksLikeRules(ObjectNode expectation) {
        if (expectation.isEmpty()) {
            return false;
        }
        try {
            return !(Expectation.read(expectation) instanceof Expectation.Fields);
        } catch (GoldenInvalid e) {
            return true;
        }
    }
}
