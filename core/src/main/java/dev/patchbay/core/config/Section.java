package dev.patchbay.core.config;

import dev.patchbay.core.schema.Nearest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One mapping of the config while it is read: gives typed values, remembers which keys are known, and collects
/// what is wrong instead of stopping at the first.
final class Section {

    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h)");
    private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*(B|KiB|MiB)?");

    private final @Nullable ConfigDocument document;
    private final List<ConfigProblem> problems;
    private final String path;
    private final JsonNode node;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> empty = new HashSet<>();

    Section(@Nullable ConfigDocument document, List<ConfigProblem> problems, String path, JsonNode node) {
        this.document = document;
        this.problems = problems;
        this.path = path;
        this.node = node;
        if (!this.node.isObject()) {
            problem(
                    "",
                    (path.isEmpty() ? "the file " : "") + "must be a mapping of keys to values, but is "
                            + describe(node));
        }
    }

    /// Complains about every key that was not asked for.
    ///
    /// @return whether there was none
    boolean finish() {
        List<String> others = node.propertyNames().stream()
                .filter(key -> !known.contains(key))
                .toList();
        others.forEach(key -> problem(key, unknown(key)));
        return others.isEmpty();
    }

    private String unknown(String key) {
        String question = Nearest.question(key, known);
        return "is not a key here" + (question.isEmpty() ? "." : question) + " Keys: " + String.join(", ", known);
    }

    /// Tells whether a key is there at all.
    boolean mentions(String key) {
        known.add(key);
        return node.has(key);
    }

    /// Complains about a key that other sections have, where somebody may look for it.
    void never(String key, String why) {
        if (node.has(key)) {
            known.add(key);
            problem(key, why);
        }
    }

    /// Tells whether a key has a value. One without is complained about: whoever wrote it meant something, and the
    /// first half of a file looks just so.
    boolean has(String key) {
        boolean given = mentions(key);
        if (given && node.path(key).isNull()) {
            if (empty.add(key)) {
                problem(key, "is empty; give it a value or remove the key");
            }
            return false;
        }
        return given;
    }

    @Nullable
    String text(String key) {
        return has(key) ? text(key, node.path(key)) : null;
    }

    private @Nullable String text(String key, JsonNode value) {
        if (value.isString()) {
            if (value.stringValue().isBlank()) {
                problem(key, "is empty");
                return null;
            }
            return value.stringValue();
        }
        problem(key, "must be text, but is " + describe(value));
        return null;
    }

    /// Reads a version or an alias; a number is what YAML makes of a version without quotes.
    @Nullable
    String version(String key) {
        if (has(key) && node.path(key).isNumber()) {
            problem(
                    key,
                    "must be text: YAML reads %s as a number. Write it in quotes: \"%s\""
                            .formatted(node.path(key).asString(), node.path(key).asString()));
            return null;
        }
        return text(key);
    }

    int integer(String key, int least, int most, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            problem(key, "must be a whole number from %d to %d, but is %s".formatted(least, most, describe(value)));
            return otherwise;
        }
        return value.intValue();
    }

    /// Reads a percentage in thousandths.
    @Nullable
    Long percent(String key) {
        if (!has(key)) {
            return null;
        }
        JsonNode value = node.path(key);
        if (!value.isNumber()) {
            problem(key, "must be a percentage such as 10 or 0.5, but is " + describe(value));
            return null;
        }
        BigDecimal percent = value.decimalValue();
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            problem(key, "must be a percentage from 0 to 100, but is " + percent.toPlainString());
            return null;
        }
        if (percent.stripTrailingZeros().scale() > 3) {
            problem(key, "may have three decimals at most, but is " + percent.toPlainString());
            return null;
        }
        return percent.movePointRight(3).longValueExact();
    }

    /// Reads a number from 0 to 1.
    @Nullable
    Double fraction(String key) {
        if (!has(key)) {
            return null;
        }
        JsonNode value = node.path(key);
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
            problem(key, "must be a number from 0 to 1, but is " + describe(value));
            return null;
        }
        return value.doubleValue();
    }

    Duration duration(String key, Duration otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        Matcher matcher = DURATION.matcher(value.isString() ? value.stringValue() : "");
        if (!matcher.matches() || matcher.group(1).length() > 9 || Long.parseLong(matcher.group(1)) == 0) {
            problem(key, "must be a duration such as 500ms, 30s, 5m or 1h, but is " + describe(value));
            return otherwise;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    int bytes(String key, int most, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        Matcher matcher = BYTES.matcher(value.isValueNode() ? value.asString() : "");
        if (matcher.matches() && matcher.group(1).length() <= 10) {
            String unit = matcher.group(2) == null ? "B" : matcher.group(2);
            long size = Long.parseLong(matcher.group(1))
                    * (unit.equals("MiB") ? 1 << 20 : unit.equals("KiB") ? 1 << 10 : 1);
            if (size > 0 && size <= most) {
                return (int) size;
            }
        }
        problem(
                key,
                "must be a size such as 512KiB or 1MiB, at most %dMiB, but is %s"
                        .formatted(most >> 20, describe(value)));
        return otherwise;
    }

    /// Reads text or a list of texts.
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (has(key)) {
            JsonNode value = node.path(key);
            for (JsonNode item : value.isArray()
                    ? value
                    : JsonNodeFactory.instance.arrayNode().add(value)) {
                if (item.isValueNode() && !item.isNull()) {
                    texts.add(item.asString());
                } else {
                    problem(key, "must be a value or a list of values, but holds " + describe(item));
                }
            }
            if (value.isArray() && value.isEmpty()) {
                problem(key, "is empty");
            }
        }
        return List.copyOf(texts);
    }

    Map<String, String> textMap(String key) {
        Map<String, String> map = new LinkedHashMap<>();
        entries(key, (name, value) -> {
            String text = text(path(key, name), value);
            if (text != null) {
                map.put(name, text);
            }
        });
        return map;
    }

    /// Reads a mapping of free names to a text or a list of texts each.
    Map<String, List<String>> textLists(String key) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Section section = section(key);
        if (node.path(key).isObject() && section.node.isEmpty()) {
            problem(key, "is empty");
        }
        for (String name : section.node.propertyNames()) {
            lists.put(name, section.texts(name));
        }
        return lists;
    }

    ObjectNode object(String key) {
        if (has(key)) {
            if (node.path(key) instanceof ObjectNode object) {
                return object;
            }
            problem(key, "must be a mapping of keys to values, but is " + describe(node.path(key)));
        }
        return JsonNodeFactory.instance.objectNode();
    }

    Section section(String key) {
        known.add(key);
        return new Section(document, problems, child(key), object(key));
    }

    /// Goes through the sections below a key whose names are free.
    void sections(String key, BiConsumer<String, Section> each) {
        entries(
                key,
                (name, value) -> each.accept(name, new Section(document, problems, child(path(key, name)), value)));
    }

    /// Goes through a list of sections. An entry that is none is complained about and left out.
    List<Section> list(String key) {
        List<Section> sections = new ArrayList<>();
        if (has(key)) {
            JsonNode value = node.path(key);
            if (!value.isArray()) {
                problem(key, "must be a list, each entry beginning with '-', but is " + describe(value));
            } else {
                for (int i = 0; i < value.size(); i++) {
                    String child = child(path(key, String.valueOf(i)));
                    Section section = new Section(document, problems, child, value.get(i));
                    if (value.get(i).isObject()) {
                        sections.add(section);
                    }
                }
            }
        }
        return sections;
    }

    private void entries(String key, BiConsumer<String, JsonNode> each) {
        if (has(key)) {
            for (Map.Entry<String, JsonNode> entry : object(key).properties()) {
                each.accept(entry.getKey(), entry.getValue());
            }
        }
    }

    /// Notes what is wrong.
    ///
    /// @param key a key of this section, or a path from [#path]; empty for the section itself
    void problem(String key, String message) {
        String full = key.isEmpty() ? path : child(key);
        ConfigDocument.Position at = document == null ? ConfigDocument.Position.UNKNOWN : document.position(full);
        problems.add(new ConfigProblem(ConfigDocument.readable(full), at.line(), at.column(), message));
    }

    /// Joins keys.
    static String path(String... keys) {
        return String.join("\u0000", keys);
    }

    private String child(String key) {
        return path.isEmpty() ? key : path(path, key);
    }

    static String describe(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "'" + Scalars.shorten(value.stringValue()) + "'";
            case NUMBER, BOOLEAN -> Scalars.shorten(value.asString());
            case ARRAY -> "a list";
            case OBJECT -> "a mapping";
            case NULL, MISSING -> "empty";
            default -> "something else";
        };
    }
}
