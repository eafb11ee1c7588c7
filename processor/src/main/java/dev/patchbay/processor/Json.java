package dev.patchbay.processor;

import java.util.List;
import java.util.Map;

/// Writes maps, lists, texts, numbers and booleans as JSON. A processor brings no library along, because it
/// runs inside the author's compiler.
final class Json {

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    static String write(Object value) {
        Json json = new Json();
        json.value(value, "\n");
        return json.out.append('\n').toString();
    }

    private void value(Object value, String indent) {
        switch (value) {
            case Map<?, ?> map -> map(map, indent);
            case List<?> list -> list(list, indent);
            case String text -> text(text);
            default -> out.append(value);
        }
    }

    private void map(Map<?, ?> map, String indent) {
        String separator = indent + "  ";
        out.append('{');
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            text(entry.getKey().toString());
            out.append(": ");
            value(entry.getValue(), indent + "  ");
            separator = "," + indent + "  ";
        }
        out.append(map.isEmpty() ? "}" : indent + "}");
    }

    private void list(List<?> list, String indent) {
        String separator = "";
        out.append('[');
        for (Object item : list) {
            out.append(separator);
            value(item, indent + "  ");
            separator = ", ";
        }
        out.append(']');
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
