package dev.patchbay.llm.wire;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads when a provider wants to be asked again: `retry-after-ms`, or `retry-after` in seconds or as a date.
final class RetryAfter {

    private RetryAfter() {}

    static @Nullable Duration of(Function<String, @Nullable String> headers) {
        String millis = headers.apply("retry-after-ms");
        if (millis != null) {
            return amount(millis, 1);
        }
        String value = headers.apply("retry-after");
        return value == null ? null : after(value);
    }

    private static @Nullable Duration after(String value) {
        Duration seconds = amount(value, 1000);
        if (seconds != null) {
            return seconds;
        }
        try {
            Duration until = Duration.between(
                    Instant.now(),
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Duration amount(String value, int millis) {
        try {
            double amount = Double.parseDouble(value.strip());
            return amount >= 0 && amount < 1e9 ? Duration.ofMillis(Math.round(amount * millis)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
