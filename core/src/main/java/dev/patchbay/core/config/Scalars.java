package dev.patchbay.core.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Turns the scalars of a YAML file into JSON values, and `${NAME}` in text into what the environment has. A number
/// becomes the node that reading it from JSON gives, so that content from a file and stored content compare equal.
final class Scalars {

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\$)|\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})");
    /// What is longer is no setting; and a few digits of exponent would write a number of a gigabyte.
    private static final int DIGITS = 100;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final @Nullable Function<String, @Nullable String> environment;

    /// Makes a reader.
    ///
    /// @param environment the values of `${NAME}`; null to leave it as it is
    Scalars(@Nullable Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /// Gives the value of a scalar.
    ///
    /// @param problem takes what is wrong with it
    JsonNode read(ScalarNode scalar, Consumer<String> problem) {
        Tag tag = scalar.getTag();
        String text = scalar.getValue();
        if (tag.equals(Tag.STR)) {
            return JSON.stringNode(interpolate(text, problem));
        }
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL) && (text.equals("true") || text.equals("false"))) {
            return JSON.booleanNode(text.equals("true"));
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return number(text, tag.equals(Tag.INT), problem);
        }
        problem.accept("'%s' does not fit its tag %s; write it without".formatted(shorten(text), tag.getValue()));
        return JSON.nullNode();
    }

    private static JsonNode number(String text, boolean whole, Consumer<String> problem) {
        if (text.length() > DIGITS) {
            problem.accept("is a number of %d characters; %d is the most".formatted(text.length(), DIGITS));
            return JSON.nullNode();
        }
        try {
            if (whole) {
                return integer(new BigInteger(text));
            }
            BigDecimal decimal = new BigDecimal(text);
            if (Math.abs((long) decimal.scale()) > DIGITS) {
                problem.accept("is the number %s, which is out of range".formatted(text));
                return JSON.nullNode();
            }
            return JSON.numberNode(decimal);
        } catch (NumberFormatException e) {
            // .inf and .nan, or a tag by hand
            return JSON.stringNode(text);
        }
    }

    private static JsonNode integer(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return JSON.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? JSON.numberNode(value.longValue()) : JSON.numberNode(value);
    }

    private String interpolate(String text, Consumer<String> problem) {
        if (environment == null || text.indexOf('$') < 0) {
            return text;
        }
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value = matcher.group(1) != null
                    ? "$"
                    : variable(matcher.group(2), environment.apply(matcher.group(2)), matcher.group(3), problem);
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(out).toString();
    }

    private static String variable(
            String name, @Nullable String value, @Nullable String otherwise, Consumer<String> problem) {
        if (value != null) {
            return value;
        }
        if (otherwise != null) {
            return otherwise;
        }
        problem.accept("the environment has no %s; set it, or give a default: ${%s:-value}".formatted(name, name));
        return "";
    }

    static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
