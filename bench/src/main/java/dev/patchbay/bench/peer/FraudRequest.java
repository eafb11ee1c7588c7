package dev.patchbay.bench.peer;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// The request of the fraud model: 30 numbers.
public record FraudRequest(float[] features) {
    /// The request every server of a comparison is sent; always the same.
    public static String example() {
        return numbers("features", 30);
    }

    /// A JSON object with one array of numbers in [-1, 1), the same for the same count.
    public static String numbers(String field, int count) {
        SplittableRandom random = new SplittableRandom(count);
        return random.doubles(count, -1, 1)
                .mapToObj(number -> String.format(Locale.ROOT, "%.4f", number))
                .collect(Collectors.joining(",", "{\"" + field + "\":[", "]}"));
    }
}
