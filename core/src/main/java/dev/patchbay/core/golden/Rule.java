package dev.patchbay.core.golden;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// One rule for a value.
///
/// @param must what must be, as in "must be above 0"
sealed interface Rule {

    List<String> WORDS = List.of(
            "near",
            "within",
            "between",
            "above",
            "at_least",
            "below",
            "at_most",
            "pattern",
            "contains",
            "one_of",
            "size",
            "each",
            "not",
            "equals",
            "absent",
            "present");

    /// 1 and 1.0 are the same number.
    Comparator<JsonNode> BY_VALUE = (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    };

    BigDecimal USUAL_DISTANCE = new BigDecimal("0.000001");
    int LONGEST_SHOWN = 120;

    void check(JsonNode actual, String path, String place, boolean isRecorded, List<Mismatch> mismatches);

    /// A rule that holds of a value as a whole.
    record Plain(String must, Predicate<JsonNode> holds) implements Rule {
        @Override
        public void check(JsonNode actual, String path, String place, boolean isRecorded, List<Mismatch> mismatches) {
            if (!holds.test(actual)) {
                mismatches.add(new Mismatch(path, place, must + butIs(actual), actual, isRecorded));
            }
        }
    }

    /// A rule that every item of a list must keep.
    record Each(Expectation item) implements Rule {
        @Override
        public void check(JsonNode actual, String path, String place, boolean isRecorded, List<Mismatch> mismatches) {
            if (!actual.isArray()) {
                mismatches.add(new Mismatch(path, place, "must be a list" + butIs(actual), actual, false));
                return;
            }
            List<Mismatch> inside = new ArrayList<>();
            for (int i = 0; i < actual.size(); i++) {
                item.check(actual.get(i), path + "/" + i, inside);
            }
            // one expectation for many items: a recording of one of them would be wrong for the others
            inside.forEach(each -> mismatches.add(new Mismatch(each.path(), place, each.text(), each.actual(), false)));
        }
    }

    static Rule read(String word, JsonNode argument, JsonNode all, String place) {
        return switch (word) {
            case "near" -> near(number(word, argument, place), all.path("within"), place);
            case "between" -> between(argument, place);
            case "above" -> {
                BigDecimal bound = number(word, argument, place);
                yield numeric("must be above " + plain(bound), value -> value.compareTo(bound) > 0);
            }
            case "at_least" -> {
                BigDecimal bound = number(word, argument, place);
                yield numeric("must be at least " + plain(bound), value -> value.compareTo(bound) >= 0);
            }
            case "below" -> {
                BigDecimal bound = number(word, argument, place);
                yield numeric("must be below " + plain(bound), value -> value.compareTo(bound) < 0);
            }
            case "at_most" -> {
                BigDecimal bound = number(word, argument, place);
                yield numeric("must be at most " + plain(bound), value -> value.compareTo(bound) <= 0);
            }
            case "pattern" -> pattern(argument, place);
            case "contains" -> contains(argument, place);
            case "one_of" -> oneOf(argument, place);
            case "size" -> size(argument, place);
            case "each" -> new Each(ExpectationReader.read(argument, place + "/each"));
            case "not" -> {
                Expectation forbidden = ExpectationReader.read(argument, place + "/not");
                yield new Plain(
                        "must not be " + shown(argument),
                        value -> !value.isMissingNode()
                                && !forbidden.check(value).isEmpty());
            }
            case "equals" -> new Plain("must equal " + shown(argument), value -> argument.equals(BY_VALUE, value));
            case "absent" -> absent(yes(word, argument, place));
            case "present" -> absent(!yes(word, argument, place));
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static Rule near(BigDecimal target, JsonNode within, String place) {
        BigDecimal distance = within.isMissingNode() ? USUAL_DISTANCE : number("within", within, place);
        if (distance.signum() < 0) {
            throw new GoldenInvalid(place + ": within must not be negative, but is " + plain(distance));
        }
        return numeric(
                "must be near %s (within %s)".formatted(plain(target), plain(distance)),
                value -> value.subtract(target).abs().compareTo(distance) <= 0);
    }

    private static Rule between(JsonNode argument, String place) {
        if (!argument.isArray()
                || argument.size() != 2
                || !argument.get(0).isNumber()
                || !argument.get(1).isNumber()
                || argument.get(0).decimalValue().compareTo(argument.get(1).decimalValue()) > 0) {
            throw new GoldenInvalid("%s: between takes the least and the most, such as [0.7, 0.9], but is %s"
                    .formatted(place, argument));
        }
        BigDecimal least = argument.get(0).decimalValue();
        BigDecimal most = argument.get(1).decimalValue();
        return numeric(
                "must be between %s and %s".formatted(plain(least), plain(most)),
                value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
    }

    private static Rule pattern(JsonNode argument, String place) {
        try {
            Pattern pattern = Pattern.compile(argument.asString(""));
            return new Plain(
                    "must match " + argument.asString(""),
                    value -> value.isString()
                            && pattern.matcher(value.stringValue()).find());
        } catch (PatternSyntaxException e) {
            throw new GoldenInvalid("%s: pattern is no regular expression: %s at position %d of %s"
                    .formatted(place, e.getDescription(), e.getIndex() + 1, argument));
        }
    }

    private static Rule contains(JsonNode argument, String place) {
        Expectation item = ExpectationReader.read(argument, place + "/contains");
        return new Plain("must contain " + shown(argument), value -> {
            if (value.isString()) {
                return argument.isString() && value.stringValue().contains(argument.stringValue());
            }
            return value.isArray()
                    && value.valueStream().anyMatch(each -> item.check(each).isEmpty());
        });
    }

    private static Rule oneOf(JsonNode argument, String place) {
        if (!argument.isArray() || argument.isEmpty()) {
            throw new GoldenInvalid(place + ": one_of takes a list of values, but is " + argument);
        }
        return new Plain(
                "must be one of " + shown(argument),
                value -> argument.valueStream().anyMatch(choice -> choice.equals(BY_VALUE, value)));
    }

    private static Rule size(JsonNode argument, String place) {
        Expectation count = ExpectationReader.read(argument, place + "/size");
        return new Plain("must have a size of " + shown(argument), value -> {
            if (!value.isContainer() && !value.isString()) {
                return false;
            }
            int size = value.isString()
                    ? value.stringValue().codePointCount(0, value.stringValue().length())
                    : value.size();
            return count.check(tools.jackson.databind.node.IntNode.valueOf(size))
                    .isEmpty();
        });
    }

    private static Rule absent(boolean absent) {
        return absent
                ? new Plain("must not be there", value -> value.isMissingNode() || value.isNull())
                : new Plain("must be there", value -> !value.isMissingNode() && !value.isNull());
    }

    private static Rule numeric(String must, Predicate<BigDecimal> holds) {
        return new Plain(must, value -> value.isNumber() && holds.test(value.decimalValue()));
    }

    private static BigDecimal number(String word, JsonNode argument, String place) {
        if (!argument.isNumber()) {
            throw new GoldenInvalid("%s: %s takes a number, but is %s".formatted(place, word, argument));
        }
        return argument.decimalValue();
    }

    private static boolean yes(String word, JsonNode argument, String place) {
        if (!argument.isBoolean()) {
            throw new GoldenInvalid("%s: %s is true or false, but is %s".formatted(place, word, argument));
        }
        return argument.booleanValue();
    }

    static String butIs(JsonNode actual) {
        return actual.isMissingNode() ? ", but is not there" : ", but is " + shown(actual);
    }

    static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    private static String plain(BigDecimal number) {
        return number.toPlainString();
    }
}
