package dev.patchbay.processor;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.AnnotatedConstruct;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/// Writes the JSON Schema 2020-12 of a record. Records inside it become entries of `$defs`, so that they may
/// refer to themselves and each other.
final class SchemaBuilder {

    private static final Map<String, Map<String, Object>> SIMPLE = simple();

    private final ProcessingEnvironment environment;
    private final TypeElement root;
    private final Map<String, Object> definitions = new LinkedHashMap<>();
    private final Map<String, String> definitionNames = new LinkedHashMap<>();

    private final boolean settings;

    private SchemaBuilder(ProcessingEnvironment environment, TypeElement root, boolean settings) {
        this.environment = environment;
        this.root = root;
        this.settings = settings;
    }

    /// @param settings whether a record of which every component may be missing may be missing itself
    static Map<String, Object> schema(ProcessingEnvironment environment, TypeElement root, boolean settings) {
        SchemaBuilder builder = new SchemaBuilder(environment, root, settings);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.putAll(builder.record(root));
        if (!builder.definitions.isEmpty()) {
            schema.put("$defs", builder.definitions);
        }
        return schema;
    }

    private Map<String, Object> record(TypeElement record) {
        for (Element at = record; at instanceof TypeElement; at = at.getEnclosingElement()) {
            if (at.getModifiers().contains(Modifier.PRIVATE)) {
                throw new ModuleError(
                        at, "'" + at.getSimpleName() + "' is private; the gateway must be able to read and make it");
            }
        }
        if (!record.getTypeParameters().isEmpty()) {
            throw new ModuleError(
                    record,
                    "'" + record.getSimpleName()
                            + "' has type parameters; a schema needs concrete types: write a record for each use, such as PageOfHits");
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        describe(record, schema);
        schema.put("type", "object");
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponentElement component : record.getRecordComponents()) {
            String name = text(
                    component,
                    "dev.patchbay.api.Name",
                    component.getSimpleName().toString());
            Map<String, Object> property = component(component);
            if (settings && !isOptional(component) && mayBeEmpty(property)) {
                property.put("default", Map.of());
            }
            if (properties.put(name, property) != null) {
                throw new ModuleError(component, "two components are called '" + name + "' in JSON");
            }
            if (!isOptional(component) && !property.containsKey("default")) {
                required.add(name);
            }
        }
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (mirror(record, "dev.patchbay.api.Open") == null) {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    private boolean mayBeEmpty(Map<String, Object> property) {
        return property.get("$ref") instanceof String reference
                && definitions.get(reference.replace("#/$defs/", "")) instanceof Map<?, ?> definition
                && definition.containsKey("properties")
                && !definition.containsKey("required");
    }

    private Map<String, Object> component(RecordComponentElement component) {
        TypeMirror type = component.asType();
        Map<String, Object> schema = new LinkedHashMap<>(type(type, component));
        describe(component, schema);
        // a constraint stands on the component or, where it may be meant for types, on its type
        Constraints.apply(component.getAnnotationMirrors(), schema, component);
        Constraints.apply(type.getAnnotationMirrors(), schema, component);
        AnnotationMirror otherwise = mirror(component, "dev.patchbay.api.Default");
        if (otherwise != null) {
            schema.put(
                    "default",
                    DefaultValue.parse(
                            String.valueOf(Constraints.values(otherwise).get("value")), schema, component));
        }
        return schema;
    }

    private Map<String, Object> type(TypeMirror type, Element place) {
        return switch (type.getKind()) {
            case INT, LONG, SHORT, BYTE, FLOAT, DOUBLE, BOOLEAN, CHAR -> primitive(type.getKind(), place);
            case ARRAY -> array((ArrayType) type, place);
            case DECLARED -> declared((DeclaredType) type, place);
            default -> throw unsupported(type, place);
        };
    }

    private static Map<String, Object> primitive(TypeKind kind, Element place) {
        return switch (kind) {
            case INT -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> integer(Long.MIN_VALUE, Long.MAX_VALUE);
            case SHORT -> integer(Short.MIN_VALUE, Short.MAX_VALUE);
            case BYTE -> integer(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case FLOAT, DOUBLE -> Map.of("type", "number");
            case BOOLEAN -> Map.of("type", "boolean");
            default ->
                throw new ModuleError(place, "char has no form in JSON; use String with @Size(min = 1, max = 1)");
        };
    }

    private static Map<String, Object> integer(long least, long most) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "integer");
        schema.put("minimum", least);
        schema.put("maximum", most);
        return schema;
    }

    private Map<String, Object> array(ArrayType type, Element place) {
        if (type.getComponentType().getKind() == TypeKind.BYTE) {
            return text("contentEncoding", "base64");
        }
        return list(type.getComponentType(), place);
    }

    private Map<String, Object> list(TypeMirror item, Element place) {
        Map<String, Object> items = new LinkedHashMap<>(type(item, place));
        Constraints.apply(item.getAnnotationMirrors(), items, place);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("items", items);
        return schema;
    }

    private Map<String, Object> declared(DeclaredType type, Element place) {
        TypeElement element = (TypeElement) type.asElement();
        String name = element.getQualifiedName().toString();
        Map<String, Object> simple = SIMPLE.get(name);
        if (simple != null) {
            return simple;
        }
        List<? extends TypeMirror> arguments = type.getTypeArguments();
        return switch (name) {
            case "java.util.List", "java.util.Collection" -> list(argument(arguments, 0, type, place), place);
            case "java.util.Set" -> {
                Map<String, Object> schema = list(argument(arguments, 0, type, place), place);
                schema.put("uniqueItems", true);
                yield schema;
            }
            case "java.util.Map" -> {
                if (!argument(arguments, 0, type, place).toString().endsWith("String")) {
                    throw new ModuleError(place, "the keys of a map are texts: use Map<String, …>");
                }
                Map<String, Object> values = new LinkedHashMap<>(type(argument(arguments, 1, type, place), place));
                Constraints.apply(arguments.get(1).getAnnotationMirrors(), values, place);
                Map<String, Object> schema = new LinkedHashMap<>();
                schema.put("type", "object");
                schema.put("additionalProperties", values);
                yield schema;
            }
            case "java.util.Optional" -> {
                Map<String, Object> schema = new LinkedHashMap<>(type(argument(arguments, 0, type, place), place));
                Constraints.apply(arguments.get(0).getAnnotationMirrors(), schema, place);
                yield schema;
            }
            default ->
                switch (element.getKind()) {
                    case RECORD -> reference(element);
                    case ENUM -> enumeration(element);
                    default -> throw unsupported(type, place);
                };
        };
    }

    private static TypeMirror argument(
            List<? extends TypeMirror> arguments, int index, TypeMirror type, Element place) {
        if (arguments.size() <= index) {
            throw new ModuleError(place, "'" + type + "' needs its type arguments");
        }
        return arguments.get(index);
    }

    private Map<String, Object> reference(TypeElement record) {
        if (record.equals(root)) {
            return Map.of("$ref", "#");
        }
        String qualified = record.getQualifiedName().toString();
        String known = definitionNames.get(qualified);
        if (known == null) {
            known = record.getSimpleName().toString();
            while (definitions.containsKey(known)) {
                known += "_";
            }
            definitionNames.put(qualified, known);
            definitions.put(known, Map.of());
            definitions.put(known, record(record));
        }
        return Map.of("$ref", "#/$defs/" + known);
    }

    private static Map<String, Object> enumeration(TypeElement element) {
        List<String> names = element.getEnclosedElements().stream()
                .filter(member -> member.getKind() == ElementKind.ENUM_CONSTANT)
                .map(member -> member.getSimpleName().toString())
                .toList();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put("enum", names);
        return schema;
    }

    private static boolean isOptional(RecordComponentElement component) {
        if (component.asType() instanceof DeclaredType declared
                && declared.asElement().toString().startsWith("java.util.Optional")) {
            return true;
        }
        return isNullable(component) || isNullable(component.asType());
    }

    private static boolean isNullable(AnnotatedConstruct construct) {
        return construct.getAnnotationMirrors().stream()
                .anyMatch(annotation -> annotation
                        .getAnnotationType()
                        .asElement()
                        .getSimpleName()
                        .contentEquals("Nullable"));
    }

    private void describe(Element element, Map<String, Object> schema) {
        String description = text(element, "dev.patchbay.api.Description", "");
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
    }

    private String text(Element element, String annotation, String otherwise) {
        AnnotationMirror mirror = mirror(element, annotation);
        return mirror == null
                ? otherwise
                : String.valueOf(Constraints.values(mirror).get("value"));
    }

    private @Nullable AnnotationMirror mirror(Element element, String annotation) {
        TypeElement wanted = environment.getElementUtils().getTypeElement(annotation);
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            if (mirror.getAnnotationType().asElement().equals(wanted)) {
                return mirror;
            }
        }
        return null;
    }

    private static ModuleError unsupported(TypeMirror type, Element place) {
        if (type instanceof DeclaredType declared
                && declared.asElement().getModifiers().contains(Modifier.SEALED)) {
            return new ModuleError(
                    place,
                    "'%s' is sealed, and JSON does not say which of its types is meant. Make one record with an enum that says it, and with Optional components for what only some of them have"
                            .formatted(type));
        }
        return new ModuleError(
                place,
                "'%s' has no form in JSON here. Use records, enums, String, numbers, boolean, Instant, OffsetDateTime, LocalDate, LocalTime, Duration, UUID, URI, List, Set, Map<String, …>, arrays or Optional"
                        .formatted(type));
    }

    private static Map<String, Map<String, Object>> simple() {
        Map<String, Map<String, Object>> types = new LinkedHashMap<>();
        types.put("java.lang.String", Map.of("type", "string"));
        types.put("java.lang.CharSequence", Map.of("type", "string"));
        types.put("java.lang.Boolean", Map.of("type", "boolean"));
        types.put("java.lang.Integer", integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
        types.put("java.lang.Long", integer(Long.MIN_VALUE, Long.MAX_VALUE));
        types.put("java.lang.Short", integer(Short.MIN_VALUE, Short.MAX_VALUE));
        types.put("java.lang.Byte", integer(Byte.MIN_VALUE, Byte.MAX_VALUE));
        types.put("java.lang.Float", Map.of("type", "number"));
        types.put("java.lang.Double", Map.of("type", "number"));
        types.put("java.math.BigDecimal", Map.of("type", "number"));
        types.put("java.math.BigInteger", Map.of("type", "integer"));
        types.put("java.util.OptionalInt", integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
        types.put("java.util.OptionalLong", integer(Long.MIN_VALUE, Long.MAX_VALUE));
        types.put("java.util.OptionalDouble", Map.of("type", "number"));
        types.put("java.util.UUID", text("format", "uuid"));
        types.put("java.net.URI", text("format", "uri"));
        types.put("java.time.Instant", text("format", "date-time"));
        types.put("java.time.OffsetDateTime", text("format", "date-time"));
        types.put("java.time.LocalDate", text("format", "date"));
        types.put("java.time.LocalTime", text("format", "local-time"));
        types.put("java.time.Duration", text("format", "duration"));
        Map<String, Object> secret = text("pattern", "^(env|file):");
        secret.put("writeOnly", true);
        types.put("dev.patchbay.api.Secret", secret);
        return types;
    }

    /// Keeps its order, which `Map.of` does not: the same sources give the same bytes.
    private static Map<String, Object> text(String keyword, String value) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put(keyword, value);
        return schema;
    }

    /// Turns the text of `@Default` into a value that fits the component's schema.
    private static final class DefaultValue {

        static Object parse(String text, Map<String, Object> schema, Element place) {
            try {
                return switch (String.valueOf(schema.get("type"))) {
                    case "integer" -> inRange(new BigDecimal(text).toBigIntegerExact(), new BigDecimal(text), schema);
                    case "number" -> inRange(new BigDecimal(text), new BigDecimal(text), schema);
                    case "boolean" -> {
                        if (!text.equals("true") && !text.equals("false")) {
                            throw new IllegalArgumentException("true or false");
                        }
                        yield Boolean.valueOf(text);
                    }
                    case "string" -> {
                        if (schema.get("enum") instanceof List<?> names && !names.contains(text)) {
                            throw new IllegalArgumentException("one of " + names);
                        }
                        yield text;
                    }
                    case "array" -> {
                        String inner = text.strip();
                        if (!inner.startsWith("[") || !inner.endsWith("]")) {
                            throw new IllegalArgumentException("a list such as [1, 2]");
                        }
                        List<Object> items = new ArrayList<>();
                        @SuppressWarnings("unchecked")
                        Map<String, Object> item = (Map<String, Object>) schema.getOrDefault("items", Map.of());
                        for (String part :
                                inner.substring(1, inner.length() - 1).split(",")) {
                            if (!part.isBlank()) {
                                items.add(parse(part.strip(), item, place));
                            }
                        }
                        yield items;
                    }
                    default ->
                        throw new IllegalArgumentException("left out: only plain values and lists have defaults");
                };
            } catch (ArithmeticException | IllegalArgumentException e) {
                String why =
                        e instanceof NumberFormatException || e instanceof ArithmeticException || e.getMessage() == null
                                ? "a " + schema.get("type")
                                : e.getMessage();
                throw new ModuleError(place, "@Default(\"" + text + "\") must be " + why);
            }
        }

        private static Object inRange(Object value, BigDecimal number, Map<String, Object> schema) {
            if (schema.get("minimum") instanceof Object least
                    && number.compareTo(new BigDecimal(least.toString())) < 0) {
                throw new IllegalArgumentException("at least " + least);
            }
            if (schema.get("maximum") instanceof Object most && number.compareTo(new BigDecimal(most.toString())) > 0) {
                throw new IllegalArgumentException("at most " + most);
            }
            return value;
        }
    }
}
