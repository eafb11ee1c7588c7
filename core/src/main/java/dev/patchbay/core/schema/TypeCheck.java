package dev.patchbay.core.schema;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The `type` keyword. A number without a fraction counts as an integer, however it is written.
record TypeCheck(Set<Type> types) implements JsonSchema.Check {

    enum Type {
        STRING,
        NUMBER,
        INTEGER,
        BOOLEAN,
        ARRAY,
        OBJECT,
        NULL
    }

    static TypeCheck of(JsonNode keyword, String at) {
        Set<Type> types = EnumSet.noneOf(Type.class);
        for (JsonNode name : keyword.isArray() ? keyword : List.of(keyword)) {
            try {
                types.add(Type.valueOf(name.asString().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw SchemaCompiler.wrong(at, "there is no type '" + name.asString() + "'");
            }
        }
        return new TypeCheck(types);
    }

    @Override
    public void check(JsonNode value, Walk walk) {
        boolean fits = switch (value.getNodeType()) {
            case STRING -> types.contains(Type.STRING);
            // NaN and the infinities have no form in JSON
            case NUMBER ->
                isFinite(value) && (types.contains(Type.NUMBER) || types.contains(Type.INTEGER) && isWhole(value));
            case BOOLEAN -> types.contains(Type.BOOLEAN);
            case ARRAY -> types.contains(Type.ARRAY);
            case OBJECT -> types.contains(Type.OBJECT);
            case NULL -> types.contains(Type.NULL);
            default -> false;
        };
        if (!fits) {
            walk.error("must be " + wanted() + ", but is " + describe(value));
        }
    }

    private static boolean isFinite(JsonNode value) {
        return !(value.isDouble() || value.isFloat()) || Double.isFinite(value.doubleValue());
    }

    private static boolean isWhole(JsonNode value) {
        if (value.isIntegralNumber()) {
            return true;
        }
        double number = value.doubleValue();
        return number == Math.rint(number) && !Double.isInfinite(number);
    }

    private String wanted() {
        List<String> names = new ArrayList<>();
        for (Type type : types) {
            names.add(
                    switch (type) {
                        case STRING -> "a text";
                        case NUMBER -> "a number";
                        case INTEGER -> "a whole number";
                        case BOOLEAN -> "true or false";
                        case ARRAY -> "a list";
                        case OBJECT -> "an object";
                        case NULL -> "null";
                    });
        }
        return String.join(" or ", names);
    }

    static String describe(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "the text '" + shorten(value.stringValue()) + "'";
            case NUMBER -> shorten(value.asString());
            case BOOLEAN -> value.asString();
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            default -> "null";
        };
    }

    /// Callers' values are echoed so that they find them, but never at length.
    static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 37) + "...";
    }
}
