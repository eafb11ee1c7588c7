package dev.patchbay.testkit.contract;

import dev.patchbay.testkit.contract.SchemaDifference.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Compares the schemas of two versions from the point of view of a caller who stays as it is: every request it
/// sends must still be taken, and every answer it gets must still be one it could have got before. So a request
/// may become wider and an answer narrower; the other way round breaks somebody. Callers are expected to ignore
/// fields of an answer that they do not know.
public final class SchemaCompatibility {

    private static final List<String> LOW =
            List.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    private static final List<String> HIGH =
            List.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
    private static final List<String> OTHER =
            List.of("pattern", "format", "multipleOf", "uniqueItems", "allOf", "anyOf", "oneOf", "not");

    private final Side side;
    private final List<SchemaDifference> differences = new ArrayList<>();
    private final Set<List<JsonNode>> visited = new HashSet<>();

    private SchemaCompatibility(Side side) {
        this.side = side;
    }

    /// Lists how a schema differs from the previous one.
    public static List<SchemaDifference> compare(Side side, JsonNode before, JsonNode after) {
        SchemaCompatibility comparison = new SchemaCompatibility(side);
        comparison.compare("", SchemaView.of(before), SchemaView.of(after));
        return List.copyOf(comparison.differences);
    }

    /// Notes a difference that lets less through than before (or more, if not).
    private void note(String path, boolean narrower, String text) {
        differences.add(new SchemaDifference(side, path, narrower == (side != Side.RESPONSE), text));
    }

    private void harmless(String path, String text) {
        differences.add(new SchemaDifference(side, path, false, text));
    }

    private void compare(String path, SchemaView before, SchemaView after) {
        if (before.node().equals(after.node()) && before.root().equals(after.root())
                || !visited.add(List.of(before.node(), after.node()))) {
            return;
        }
        if (types(path, before, after)) {
            return;
        }
        choices(path, before, after);
        bounds(path, before, after);
        for (String keyword : OTHER) {
            keyword(path, keyword, before, after);
        }
        fields(path, before, after);
        nested(path + "/0", before.items(), after.items(), "items");
        nested(path + "/*", before.values(), after.values(), "values");
        if (before.has("default")
                && after.has("default")
                && !before.node().path("default").equals(after.node().path("default"))) {
            harmless(
                    path,
                    "the default was %s and is %s; whoever leaves it out gets another value"
                            .formatted(
                                    before.node().path("default"), after.node().path("default")));
        }
    }

    /// Tells whether the types have nothing in common, so that there is no more to compare.
    private boolean types(String path, SchemaView before, SchemaView after) {
        Set<String> old = widened(before.types());
        Set<String> now = widened(after.types());
        if (old.equals(now)) {
            return false;
        }
        String text = "was %s and is %s".formatted(named(before.types()), named(after.types()));
        if (!old.isEmpty() && now.containsAll(old) || now.isEmpty()) {
            note(path, false, text);
            return false;
        }
        if (!now.isEmpty() && old.containsAll(now) || old.isEmpty()) {
            note(path, true, text);
            return false;
        }
        differences.add(new SchemaDifference(side, path, true, text));
        return true;
    }

    /// A whole number is a number as well.
    private static Set<String> widened(Set<String> types) {
        Set<String> wide = new HashSet<>(types);
        if (wide.contains("number")) {
            wide.add("integer");
        }
        return wide;
    }

    private static String named(Set<String> types) {
        return types.isEmpty() ? "anything" : types.stream().sorted().collect(Collectors.joining(" or "));
    }

    private void choices(String path, SchemaView before, SchemaView after) {
        Set<JsonNode> old = new LinkedHashSet<>(before.choices());
        Set<JsonNode> now = new LinkedHashSet<>(after.choices());
        if (old.isEmpty() != now.isEmpty()) {
            note(path, old.isEmpty(), old.isEmpty() ? "is now one of " + now : "is no longer one of " + old);
            return;
        }
        Set<JsonNode> gone = new LinkedHashSet<>(old);
        gone.removeAll(now);
        Set<JsonNode> added = new LinkedHashSet<>(now);
        added.removeAll(old);
        if (!gone.isEmpty()) {
            note(path, true, "the choice " + list(gone) + " is gone");
        }
        if (!added.isEmpty()) {
            note(path, false, "the choice " + list(added) + " is new");
        }
    }

    private static String list(Set<JsonNode> values) {
        return values.stream().map(JsonNode::toString).collect(Collectors.joining(", "));
    }

    private void bounds(String path, SchemaView before, SchemaView after) {
        for (String keyword : LOW) {
            bound(path, keyword, before, after, 1);
        }
        for (String keyword : HIGH) {
            bound(path, keyword, before, after, -1);
        }
    }

    private void bound(String path, String keyword, SchemaView before, SchemaView after, int sign) {
        Optional<BigDecimal> old = before.number(keyword);
        Optional<BigDecimal> now = after.number(keyword);
        if (old.isEmpty() && now.isEmpty()) {
            return;
        }
        if (old.isEmpty() || now.isEmpty()) {
            note(
                    path,
                    old.isEmpty(),
                    old.isEmpty()
                            ? keyword + " is now " + plain(now)
                            : keyword + " was " + plain(old) + " and is no longer there");
            return;
        }
        int direction = now.get().compareTo(old.get()) * sign;
        if (direction != 0) {
            note(path, direction > 0, "%s was %s and is %s".formatted(keyword, plain(old), plain(now)));
        }
    }

    private static String plain(Optional<BigDecimal> number) {
        return number.map(BigDecimal::toPlainString).orElse("");
    }

    private void keyword(String path, String keyword, SchemaView before, SchemaView after) {
        JsonNode old = before.node().path(keyword);
        JsonNode now = after.node().path(keyword);
        if (old.equals(now)) {
            return;
        }
        if (old.isMissingNode() || now.isMissingNode()) {
            note(
                    path,
                    old.isMissingNode(),
                    old.isMissingNode()
                            ? keyword + " is now " + now
                            : keyword + " was " + old + " and is no longer there");
            return;
        }
        // which of two patterns takes more cannot be told
        differences.add(new SchemaDifference(side, path, true, "%s was %s and is %s".formatted(keyword, old, now)));
    }

    private void fields(String path, SchemaView before, SchemaView after) {
        Map<String, SchemaView> old = before.properties();
        Map<String, SchemaView> now = after.properties();
        old.forEach((name, schema) -> {
            String at = path + "/" + name;
            SchemaView successor = now.get(name);
            if (successor == null) {
                gone(at, before.requires(name), after);
                return;
            }
            if (before.requires(name) != after.requires(name)) {
                note(
                        at,
                        after.requires(name),
                        after.requires(name) ? "was optional and is required" : "was required and is optional");
            }
            compare(at, schema, successor);
        });
        now.forEach((name, schema) -> {
            if (!old.containsKey(name)) {
                added(path + "/" + name, after.requires(name), before);
            }
        });
        if (before.isClosed() != after.isClosed() && side != Side.RESPONSE) {
            note(
                    path,
                    after.isClosed(),
                    after.isClosed() ? "unknown fields are now refused" : "unknown fields are now taken");
        }
    }

    private void gone(String at, boolean required, SchemaView after) {
        String text = "the " + (required ? "" : "optional ") + "field is gone";
        if (side == Side.RESPONSE) {
            differences.add(new SchemaDifference(side, at, true, text));
        } else {
            differences.add(new SchemaDifference(
                    side, at, after.isClosed(), after.isClosed() ? text + " and refused" : text + " and ignored"));
        }
    }

    private void added(String at, boolean required, SchemaView before) {
        if (side != Side.RESPONSE && required) {
            differences.add(new SchemaDifference(side, at, true, "the required field is new"));
        } else {
            harmless(at, "the " + (required ? "" : "optional ") + "field is new");
        }
    }

    private void nested(String path, Optional<SchemaView> before, Optional<SchemaView> after, String what) {
        if (before.isPresent() && after.isPresent()) {
            compare(path, before.get(), after.get());
        } else if (before.isPresent() != after.isPresent()) {
            note(
                    path,
                    after.isPresent(),
                    after.isPresent() ? what + " now have a schema" : what + " no longer have a schema");
        }
    }
}
