package dev.patchbay.core.schema;

import dev.patchbay.core.schema.JsonSchema.Check;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// Turns a schema document into checks.
final class SchemaCompiler {

    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$anchor",
            "$comment",
            "$defs",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "contentEncoding",
            "contentMediaType");

    private final JsonNode root;
    private final Map<String, Reference> references = new HashMap<>();

    SchemaCompiler(JsonNode root) {
        this.root = root;
    }

    Check compile() {
        return compile(root, "#");
    }

    /// A place in the document that may refer to itself.
    private static final class Reference implements Check {
        private @Nullable Check target;

        @Override
        public void check(JsonNode value, Walk walk) {
            if (walk.tooDeep()) {
                walk.error("is nested too deeply");
            } else if (target != null) {
                target.check(value, walk);
            }
        }
    }

    private Check compile(JsonNode schema, String at) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? (value, walk) -> {} : (value, walk) -> walk.error("is not allowed here");
        }
        if (!schema.isObject()) {
            throw wrong(at, "a schema is an object or a boolean");
        }
        List<Check> checks = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>(schema.propertyNames());
        left.removeAll(ANNOTATIONS);
        Keywords keywords = new Keywords(schema, at, left);

        if (keywords.take("$ref")) {
            checks.add(reference(schema.path("$ref").asString(), at));
        }
        if (keywords.take("type")) {
            checks.add(TypeCheck.of(schema.path("type"), at));
        }
        if (keywords.take("const")) {
            checks.add(ValueChecks.oneOf(List.of(schema.path("const"))));
        }
        if (keywords.take("enum")) {
            List<JsonNode> values = new ArrayList<>();
            schema.path("enum").forEach(values::add);
            checks.add(ValueChecks.oneOf(values));
        }
        numbers(keywords, checks);
        strings(keywords, checks);
        arrays(keywords, checks);
        objects(keywords, checks);
        combinations(keywords, checks);
        if (!left.isEmpty()) {
            throw wrong(at, "'" + left.iterator().next() + "' is not a keyword that is checked here");
        }
        return all(checks);
    }

    private static Check all(List<Check> checks) {
        if (checks.size() == 1) {
            return checks.getFirst();
        }
        Check[] each = checks.toArray(Check[]::new);
        return (value, walk) -> {
            int before = walk.found();
            for (Check check : each) {
                check.check(value, walk);
                // a value of the wrong type is wrong once, not once for each keyword
                if (walk.found() > before && check instanceof TypeCheck) {
                    return;
                }
            }
        };
    }

    private Check reference(String ref, String at) {
        if (!ref.startsWith("#")) {
            throw wrong(at, "$ref '" + ref + "' leads outside; only #/… is followed");
        }
        Reference known = references.get(ref);
        if (known == null) {
            JsonNode target = root.at(JsonPointer.compile(ref.substring(1)));
            if (target.isMissingNode()) {
                throw wrong(at, "$ref '" + ref + "' leads nowhere");
            }
            known = new Reference();
            references.put(ref, known);
            known.target = compile(target, ref);
        }
        return known;
    }

    private static void numbers(Keywords keywords, List<Check> checks) {
        BigDecimal minimum = keywords.number("minimum");
        BigDecimal maximum = keywords.number("maximum");
        BigDecimal above = keywords.number("exclusiveMinimum");
        BigDecimal below = keywords.number("exclusiveMaximum");
        if (minimum != null || maximum != null || above != null || below != null) {
            checks.add(new RangeCheck(minimum, maximum, above, below));
        }
        BigDecimal multiple = keywords.number("multipleOf");
        if (multiple != null) {
            checks.add(ValueChecks.multipleOf(multiple));
        }
    }

    private static void strings(Keywords keywords, List<Check> checks) {
        int least = keywords.count("minLength", 0);
        int most = keywords.count("maxLength", Integer.MAX_VALUE);
        if (least > 0 || most < Integer.MAX_VALUE) {
            checks.add(ValueChecks.length(least, most));
        }
        if (keywords.take("pattern")) {
            try {
                checks.add(ValueChecks.pattern(
                        Pattern.compile(keywords.schema().path("pattern").asString())));
            } catch (PatternSyntaxException e) {
                throw wrong(
                        keywords.at(),
                        "'%s' is no regular expression: %s".formatted(e.getPattern(), e.getDescription()));
            }
        }
        if (keywords.take("format")) {
            checks.add(Formats.check(keywords.schema().path("format").asString(), keywords.at()));
        }
    }

    private void arrays(Keywords keywords, List<Check> checks) {
        int least = keywords.count("minItems", 0);
        int most = keywords.count("maxItems", Integer.MAX_VALUE);
        if (least > 0 || most < Integer.MAX_VALUE) {
            checks.add(ContainerChecks.items(least, most));
        }
        List<Check> first = new ArrayList<>();
        if (keywords.take("prefixItems")) {
            for (JsonNode item : keywords.schema().path("prefixItems")) {
                first.add(compile(item, keywords.at() + "/prefixItems/" + first.size()));
            }
        }
        Check rest = keywords.take("items") ? compile(keywords.schema().path("items"), keywords.at() + "/items") : null;
        if (rest != null || !first.isEmpty()) {
            checks.add(ContainerChecks.each(first, rest));
        }
        if (keywords.take("uniqueItems")
                && keywords.schema().path("uniqueItems").asBoolean()) {
            checks.add(ContainerChecks.unique());
        }
    }

    private void objects(Keywords keywords, List<Check> checks) {
        JsonNode schema = keywords.schema();
        Map<String, Check> properties = new LinkedHashMap<>();
        if (keywords.take("properties")) {
            for (Map.Entry<String, JsonNode> property :
                    schema.path("properties").properties()) {
                properties.put(
                        property.getKey(),
                        compile(property.getValue(), keywords.at() + "/properties/" + property.getKey()));
            }
        }
        List<String> required = new ArrayList<>();
        if (keywords.take("required")) {
            schema.path("required").forEach(name -> required.add(name.asString()));
        }
        Check others = keywords.take("additionalProperties")
                ? compile(schema.path("additionalProperties"), keywords.at() + "/additionalProperties")
                : null;
        boolean closed = schema.path("additionalProperties").isBoolean()
                && !schema.path("additionalProperties").booleanValue();
        Check names = keywords.take("propertyNames")
                ? compile(schema.path("propertyNames"), keywords.at() + "/propertyNames")
                : null;
        if (!properties.isEmpty() || !required.isEmpty() || others != null) {
            checks.add(new ObjectCheck(properties, required, closed, others));
        }
        if (names != null) {
            checks.add(ContainerChecks.names(names));
        }
        int least = keywords.count("minProperties", 0);
        int most = keywords.count("maxProperties", Integer.MAX_VALUE);
        if (least > 0 || most < Integer.MAX_VALUE) {
            checks.add(ContainerChecks.properties(least, most));
        }
    }

    private void combinations(Keywords keywords, List<Check> checks) {
        for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
            if (keywords.take(keyword)) {
                List<Check> options = new ArrayList<>();
                for (JsonNode option : keywords.schema().path(keyword)) {
                    options.add(compile(option, keywords.at() + "/" + keyword + "/" + options.size()));
                }
                checks.add(
                        switch (keyword) {
                            case "allOf" -> all(options);
                            case "anyOf" -> ContainerChecks.options(options, false);
                            default -> ContainerChecks.options(options, true);
                        });
            }
        }
        if (keywords.take("not")) {
            Check not = compile(keywords.schema().path("not"), keywords.at() + "/not");
            checks.add((value, walk) -> {
                Walk fork = walk.fork();
                not.check(value, fork);
                if (fork.found() == 0) {
                    walk.error("is of a form that is not allowed");
                }
            });
        }
    }

    /// The keywords of one schema object that were not looked at yet.
    private record Keywords(JsonNode schema, String at, Set<String> left) {

        boolean take(String keyword) {
            return left.remove(keyword);
        }

        @Nullable
        BigDecimal number(String keyword) {
            if (!take(keyword)) {
                return null;
            }
            if (!schema.path(keyword).isNumber()) {
                throw wrong(at, keyword + " must be a number");
            }
            return schema.path(keyword).decimalValue();
        }

        int count(String keyword, int otherwise) {
            if (!take(keyword)) {
                return otherwise;
            }
            JsonNode value = schema.path(keyword);
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
                throw wrong(at, keyword + " must be a whole number, zero or more");
            }
            return value.intValue();
        }
    }

    static IllegalArgumentException wrong(String at, String message) {
        return new IllegalArgumentException("schema at " + at + ": " + message);
    }
}
