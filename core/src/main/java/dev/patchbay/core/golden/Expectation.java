package dev.patchbay.core.golden;

import dev.patchbay.core.schema.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What must hold of an answer, or of a part of one. It has the shape of the answer: a value must be equal (numbers
/// by value), a list must have as many items, and of an object only the fields that are named must be right. In the
/// place of a value there may be rules:
///
/// | rule | holds if the value |
/// |---|---|
/// | `{near: 0.8, within: 0.01}` | is a number no further away; without `within`, 0.000001 |
/// | `{between: [0.7, 0.9]}` | is a number from one to the other, both included |
/// | `{above: 0}` `{at_least: 0}` `{below: 1}` `{at_most: 1}` | is such a number |
/// | `{pattern: "^A-[0-9]+$"}` | is a text in which the regular expression is found |
/// | `{contains: x}` | is a text with this text in it, or a list with such an item |
/// | `{one_of: [a, b]}` | is one of these values |
/// | `{size: 3}` | is a list, an object or a text with as many items, fields or characters; may be rules |
/// | `{each: x}` | is a list of which every item is so |
/// | `{not: x}` | is there and is not so |
/// | `{equals: x}` | is exactly this, with no other fields; also for values that look like rules |
/// | `{absent: true}` | is not there, or null |
/// | `{present: true}` | is there and not null |
///
/// Several rules in one place must all hold. An object is rules if all its keys are; an object of an answer whose
/// fields all have such names is written as `{equals: …}`.
public sealed interface Expectation {

    /// Lists the places at which an answer is not so; empty if it is.
    default List<Mismatch> check(JsonNode answer) {
        List<Mismatch> mismatches = new ArrayList<>();
        check(answer, "", mismatches);
        return List.copyOf(mismatches);
    }

    /// Adds the mismatches of a part.
    ///
    /// @param path JSON Pointer to the part
    void check(JsonNode actual, String path, List<Mismatch> mismatches);

    /// Reads an expectation.
    ///
    /// @throws GoldenInvalid if a rule cannot be understood
    static Expectation read(JsonNode node) {
        return ExpectationReader.read(node, "");
    }

    private static Mismatch mismatch(String path, String place, String must, JsonNode actual, boolean isValue) {
        return new Mismatch(path, place, must + Rule.butIs(actual), actual, isValue);
    }

    /// A value that must be equal.
    record Value(JsonNode value, String place) implements Expectation {
        @Override
        public void check(JsonNode actual, String path, List<Mismatch> mismatches) {
            boolean bothAbsent = value.isNull() && actual.isMissingNode();
            if (!bothAbsent && !value.equals(Rule.BY_VALUE, actual)) {
                mismatches.add(mismatch(path, place, "must be " + Rule.shown(value), actual, true));
            }
        }
    }

    /// A list whose items must be so, in this order.
    record Items(List<Expectation> items, String place) implements Expectation {
        @Override
        public void check(JsonNode actual, String path, List<Mismatch> mismatches) {
            if (!actual.isArray() || actual.size() != items.size()) {
                String must = items.isEmpty() ? "must be an empty list" : "must be a list of " + items.size();
                String is = actual.isArray()
                        ? ", but has " + actual.size() + ": " + Rule.shown(actual)
                        : Rule.butIs(actual);
                mismatches.add(new Mismatch(path, place, must + is, actual, true));
                return;
            }
            for (int i = 0; i < items.size(); i++) {
                items.get(i).check(actual.get(i), path + "/" + i, mismatches);
            }
        }
    }

    /// An object of which some fields must be so.
    record Fields(Map<String, Expectation> fields, String place) implements Expectation {
        @Override
        public void check(JsonNode actual, String path, List<Mismatch> mismatches) {
            if (!actual.isObject()) {
                String names = String.join(", ", fields.keySet());
                mismatches.add(mismatch(
                        path,
                        place,
                        "must be an object" + (names.isEmpty() ? "" : " with " + names) + meant(),
                        actual,
                        true));
                return;
            }
            fields.forEach((name, expectation) -> expectation.check(
                    actual.has(name) ? actual.get(name) : MissingNode.getInstance(),
                    path + "/" + ExpectationReader.escape(name),
                    mismatches));
        }

        /// A misspelled rule looks like a field.
        private String meant() {
            return fields.keySet().stream()
                    .filter(name -> !Rule.WORDS.contains(name))
                    .flatMap(name -> Nearest.to(name, Rule.WORDS).stream())
                    .findFirst()
                    .map(rule -> " (or did you mean the rule '" + rule + "'?)")
                    .orElse("");
        }
    }

    /// A value that must keep rules.
    record Rules(List<Rule> rules, String place, boolean isRecorded) implements Expectation {
        @Override
        public void check(JsonNode actual, String path, List<Mismatch> mismatches) {
            for (Rule rule : rules) {
                rule.check(actual, path, place, isRecorded, mismatches);
            }
        }
    }
}
