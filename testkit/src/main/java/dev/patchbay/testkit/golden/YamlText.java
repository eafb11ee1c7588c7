package dev.patchbay.testkit.golden;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes YAML as a person would: short values on one line, numbers without exponents, quotes where needed.
final class YamlText {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*");
    private static final Set<String> NO_TEXT = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");
    private static final int WIDTH = 100;

    private YamlText() {}

    /// Writes a value on one line.
    static String flow(JsonNode value) {
        if (value.isObject()) {
            return value.propertyStream()
                    .map(entry -> text(entry.getKey()) + ": " + flow(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value.isArray()) {
            return value.valueStream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.isString()) {
            return text(value.stringValue());
        }
        return value.isNumber() ? value.decimalValue().toPlainString() : value.toString();
    }

    /// Writes `key: value` with what does not fit on the line below it, ending with a line break.
    static String entry(String key, JsonNode value, int indent) {
        String pad = " ".repeat(indent);
        String line = pad + text(key) + ": " + flow(value);
        if (line.length() <= WIDTH || !value.isContainer() || value.isEmpty()) {
            return line + "\n";
        }
        StringBuilder lines = new StringBuilder(pad).append(text(key)).append(":\n");
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                lines.append(entry(entry.getKey(), entry.getValue(), indent + 2));
            }
        } else {
            value.forEach(
                    item -> lines.append(pad).append("  - ").append(flow(item)).append('\n'));
        }
        return lines.toString();
    }

    private static String text(String text) {
        return PLAIN.matcher(text).matches() && !NO_TEXT.contains(text.toLowerCase(java.util.Locale.ROOT))
                ? text
                : JsonMapper.shared().writeValueAsString(text);
    }
}
