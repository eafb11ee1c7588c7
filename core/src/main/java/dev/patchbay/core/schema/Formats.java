package dev.patchbay.core.schema;

import dev.patchbay.core.schema.JsonSchema.Check;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The values of the `format` keyword.
final class Formats {

    private record Format(String wanted, Consumer<String> parse) {}

    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s.]+(\\.[^@\\s.]+)+");
    private static final int MAXIMUM_LENGTH = 2_000;

    private static final Map<String, Format> FORMATS = Map.of(
            "date-time", new Format("a time such as 2026-03-02T18:30:00Z", OffsetDateTime::parse),
            "date", new Format("a date such as 2026-03-02", LocalDate::parse),
            "time", new Format("a time of day such as 18:30:00Z", OffsetTime::parse),
            "local-time", new Format("a time of day such as 18:30", LocalTime::parse),
            "duration", new Format("a duration such as PT30S", Duration::parse),
            "uuid", new Format("a UUID", text -> accept(text.length() == 36 && UUID.fromString(text) != null)),
            "email",
                    new Format(
                            "an e-mail address",
                            text -> accept(EMAIL.matcher(text).matches())),
            "uri", new Format("a URI", text -> accept(URI.create(text).isAbsolute())));

    private Formats() {}

    static Check check(String name, String at) {
        Format format = FORMATS.get(name);
        if (format == null) {
            throw SchemaCompiler.wrong(
                    at,
                    "format '" + name + "' is not checked here; there are "
                            + FORMATS.keySet().stream().sorted().toList());
        }
        return (value, walk) -> {
            if (!value.isString()) {
                return;
            }
            try {
                accept(value.stringValue().length() <= MAXIMUM_LENGTH);
                format.parse().accept(value.stringValue());
            } catch (DateTimeException | IllegalArgumentException e) {
                walk.error("must be " + format.wanted() + ", but is " + TypeCheck.describe(value));
            }
        };
    }

    private static void accept(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException();
        }
    }
}
