package dev.patchbay.api.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A mapping from `patchbay.yaml` or `module.yaml` while it is read: gives typed values and knows which keys there
/// are. Whatever is wrong is an [IllegalArgumentException] whose message begins with the key.
public final class Keys {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    private final String path;
    private final Map<?, ?> values;
    private final Set<String> known = new LinkedHashSet<>();

    /// Reads a mapping.
    ///
    /// @param path the keys that lead to it, ending with a dot; empty at the top
    public Keys(String path, Map<?, ?> values) {
        this.path = path;
        this.values = values;
    }

    /// Makes an error about a key.
    public IllegalArgumentException wrong(String key, String message) {
        return new IllegalArgumentException(path + key + ": " + message);
    }

    /// Refuses every key that was not asked for.
    public void finish() {
        for (Object key : values.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                throw wrong(String.valueOf(key), "is no key here. Keys: " + String.join(", ", known));
            }
        }
    }

    /// Tells whether there is a value.
    public boolean has(String key) {
        known.add(key);
        return values.get(key) != null;
    }

    /// Reads a text.
    public @Nullable String text(String key) {
        Object value = value(key);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        throw wrong(key, "must be text, but is " + describe(value));
    }

    /// Reads a text that must be there.
    public String required(String key, String meaning) {
        String text = text(key);
        if (text == null) {
            throw wrong(key, "is missing; it is " + meaning);
        }
        return text;
    }

    /// Reads one of the names of an enum.
    public <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            if (name.equals(text)) {
                return constant;
            }
            names.add(name);
        }
        throw wrong(key, "must be one of " + String.join(", ", names) + ", but is '" + text + "'");
    }

    /// Reads a whole number.
    public long integer(String key, long least, long most, long otherwise) {
        Object value = value(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number
                && number.doubleValue() == number.longValue()
                && number.longValue() >= least
                && number.longValue() <= most) {
            return number.longValue();
        }
        throw wrong(key, "must be a whole number from %d to %d, but is %s".formatted(least, most, describe(value)));
    }

    /// Reads a number that is not negative.
    public @Nullable Double amount(String key) {
        Object value = value(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number && number.doubleValue() >= 0 && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(key, "must be a number that is not negative, but is " + describe(value));
    }

    /// Reads a duration such as `500ms`, `30s`, `5m`, `1h` or `1d`.
    public Duration duration(String key, Duration otherwise) {
        Object value = value(key);
        if (value == null) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(String.valueOf(value));
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw wrong(key, "must be a duration such as 500ms, 30s, 5m, 1h or 1d, but is " + describe(value));
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /// Reads a mapping.
    public Keys section(String key) {
        Object value = value(key);
        return new Keys(path + key + ".", value == null ? Map.of() : mapping(key, value));
    }

    /// Reads the mappings below a key whose names are free, in their order.
    public Map<String, Keys> sections(String key) {
        Map<String, Keys> sections = new LinkedHashMap<>();
        Object value = value(key);
        if (value != null) {
            mapping(key, value)
                    .forEach((name, each) -> sections.put(
                            String.valueOf(name),
                            new Keys(path + key + "." + name + ".", mapping(key + "." + name, each))));
        }
        return sections;
    }

    /// Reads a list of mappings; one mapping alone is a list of one.
    public List<Keys> list(String key) {
        Object value = value(key);
        if (value == null) {
            return List.of();
        }
        List<?> items = value instanceof List<?> list ? list : List.of(value);
        List<Keys> sections = new ArrayList<>();
        for (Object item : items) {
            String at = key + "[" + sections.size() + "]";
            sections.add(new Keys(path + at + ".", mapping(at, item)));
        }
        return sections;
    }

    /// Reads a list of anything; one thing alone is a list of one.
    public List<?> items(String key) {
        Object value = value(key);
        return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
    }

    /// Gives the whole path of a key.
    public String path(String key) {
        return path + key;
    }

    /// Reads a list of texts; one text alone is a list of one.
    public List<String> texts(String key) {
        Object value = value(key);
        if (value == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : List.of(value)) {
            if (!(item instanceof String text)) {
                throw wrong(key, "must be text or a list of texts, but holds " + describe(item));
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /// Reads a mapping of names to texts.
    public Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        Object value = value(key);
        if (value != null) {
            mapping(key, value).forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
        }
        return texts;
    }

    /// Reads a mapping as it is.
    @SuppressWarnings("unchecked")
    public Map<String, Object> object(String key) {
        Object value = value(key);
        return value == null ? Map.of() : (Map<String, Object>) mapping(key, value);
    }

    private @Nullable Object value(String key) {
        known.add(key);
        return values.get(key);
    }

    private Map<?, ?> mapping(String key, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw wrong(key, "must be a mapping of keys to values, but is " + describe(value));
    }

    private static String describe(@Nullable Object value) {
        return switch (value) {
            case null -> "empty";
            case Map<?, ?> _ -> "a mapping";
            case List<?> _ -> "a list";
            case String text -> "'" + text + "'";
            default -> String.valueOf(value);
        };
    }
}
