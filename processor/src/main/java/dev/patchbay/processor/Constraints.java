package dev.patchbay.processor;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/// Turns Jakarta Validation annotations into keywords of JSON Schema.
final class Constraints {

    private static final String PACKAGE = "jakarta.validation.constraints.";

    private Constraints() {}

    /// Adds the keywords of all constraints among the annotations to a schema.
    ///
    /// @param place where to complain
    static void apply(List<? extends AnnotationMirror> annotations, Map<String, Object> schema, Element place) {
        for (AnnotationMirror annotation : annotations) {
            String name = ((TypeElement) annotation.getAnnotationType().asElement())
                    .getQualifiedName()
                    .toString();
            if (name.startsWith(PACKAGE)) {
                apply(name.substring(PACKAGE.length()), values(annotation), schema, place);
            }
        }
        possible(schema, "minimum", "maximum", place);
        possible(schema, "minLength", "maxLength", place);
        possible(schema, "minItems", "maxItems", place);
        possible(schema, "minProperties", "maxProperties", place);
    }

    /// Refuses limits that no value keeps.
    private static void possible(Map<String, Object> schema, String low, String high, Element place) {
        if (schema.get(low) instanceof Number least
                && schema.get(high) instanceof Number most
                && new BigDecimal(least.toString()).compareTo(new BigDecimal(most.toString())) > 0) {
            throw new ModuleError(
                    place,
                    "no value of '%s' is both at least %s and at most %s"
                            .formatted(place.getSimpleName(), least, most));
        }
    }

    private static void apply(
            String constraint, Map<String, Object> values, Map<String, Object> schema, Element place) {
        Object type = schema.getOrDefault("type", "");
        switch (constraint) {
            case "NotNull" -> {}
            case "Min" -> schema.put("minimum", values.getOrDefault("value", 0L));
            case "Max" -> schema.put("maximum", values.getOrDefault("value", 0L));
            case "DecimalMin" -> schema.put(inclusive(values) ? "minimum" : "exclusiveMinimum", decimal(values, place));
            case "DecimalMax" -> schema.put(inclusive(values) ? "maximum" : "exclusiveMaximum", decimal(values, place));
            case "Positive" -> schema.put("exclusiveMinimum", 0);
            case "PositiveOrZero" -> schema.put("minimum", 0);
            case "Negative" -> schema.put("exclusiveMaximum", 0);
            case "NegativeOrZero" -> schema.put("maximum", 0);
            case "NotEmpty" -> schema.put(least(type, place), 1);
            case "NotBlank" -> pattern(schema, "\\S");
            case "Size" -> {
                int min = (int) values.getOrDefault("min", 0);
                int max = (int) values.getOrDefault("max", Integer.MAX_VALUE);
                if (min > 0) {
                    schema.put(least(type, place), min);
                }
                if (max < Integer.MAX_VALUE) {
                    schema.put(least(type, place).replace("min", "max"), max);
                }
            }
            case "Pattern" -> pattern(schema, "^(?:" + expression(values, place) + ")$");
            case "Email" -> schema.put("format", "email");
            default ->
                throw new ModuleError(
                        place,
                        "@%s says nothing that JSON Schema can say; check it in predict and throw InferenceException.invalid"
                                .formatted(constraint));
        }
    }

    private static String expression(Map<String, Object> values, Element place) {
        String expression = String.valueOf(values.get("regexp"));
        try {
            return Pattern.compile(expression).pattern();
        } catch (PatternSyntaxException e) {
            throw new ModuleError(
                    place, "@Pattern: '%s' is no regular expression: %s".formatted(expression, e.getDescription()));
        }
    }

    /// A schema has one `pattern`; a second one is a schema of its own that must hold as well.
    private static void pattern(Map<String, Object> schema, String pattern) {
        if (schema.putIfAbsent("pattern", pattern) != null) {
            schema.put("allOf", List.of(Map.of("pattern", pattern)));
        }
    }

    private static String least(Object type, Element place) {
        return switch (String.valueOf(type)) {
            case "string" -> "minLength";
            case "array" -> "minItems";
            case "object" -> "minProperties";
            default ->
                throw new ModuleError(place, "@Size and @NotEmpty are for texts, lists and maps; use @Min and @Max");
        };
    }

    private static boolean inclusive(Map<String, Object> values) {
        return (boolean) values.getOrDefault("inclusive", true);
    }

    private static BigDecimal decimal(Map<String, Object> values, Element place) {
        try {
            return new BigDecimal(String.valueOf(values.get("value")));
        } catch (NumberFormatException e) {
            throw new ModuleError(place, "'" + values.get("value") + "' is no number");
        }
    }

    /// Gives what was written in an annotation, without its defaults.
    static Map<String, Object> values(AnnotationMirror annotation) {
        Map<String, Object> values = new LinkedHashMap<>();
        annotation
                .getElementValues()
                .forEach((key, value) -> values.put(key.getSimpleName().toString(), plain(value)));
        return values;
    }

    private static Object plain(AnnotationValue value) {
        if (value.getValue() instanceof List<?> list) {
            return list.stream()
                    .map(item -> ((AnnotationValue) item).getValue())
                    .toList();
        }
        return value.getValue();
    }
}
