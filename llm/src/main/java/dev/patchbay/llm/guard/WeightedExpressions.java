package dev.patchbay.llm.guard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/// Regular expressions with a weight each, over texts in lower case with single blanks. A sum of 2 scores 0.5. Any
/// number
/// of threads may ask.
final class WeightedExpressions {

    /// Long texts are looked at in windows that overlap.
    private static final int WINDOW = 4000;

    private static final int OVERLAP = 400;
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\uFEFF\\u00AD]|[\\x{E0000}-\\x{E007F}]");

    private record Signal(double weight, Pattern pattern) {}

    private final List<Signal> signals;

    /// Reads the expressions of a file beside this class.
    WeightedExpressions(String file) {
        this.signals = signals(file);
    }

    private static List<Signal> signals(String name) {
        List<Signal> signals = new ArrayList<>();
        InputStream file = Objects.requireNonNull(WeightedExpressions.class.getResourceAsStream(name), name);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] cells = line.split("\t", 2);
                    signals.add(new Signal(Double.parseDouble(cells[0]), Pattern.compile(cells[1])));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(signals);
    }

    /// Scores a text from 0 to 1; the worst part of it counts.
    double score(String text) {
        double worst = 0;
        for (int from = 0; ; from += WINDOW - OVERLAP) {
            int to = Math.min(text.length(), from + WINDOW);
            worst = Math.max(worst, window(text.substring(from, to)));
            if (to == text.length()) {
                return worst;
            }
        }
    }

    private double window(String text) {
        long hidden = INVISIBLE.matcher(text).results().count();
        String plain = BLANKS.matcher(
                        Normalizer.normalize(INVISIBLE.matcher(text).replaceAll(""), Normalizer.Form.NFKC)
                                .toLowerCase(Locale.ROOT))
                .replaceAll(" ");
        double sum = hidden > 8 ? 1.5 : 0;
        for (Signal signal : signals) {
            if (signal.pattern().matcher(plain).find()) {
                sum += signal.weight();
            }
        }
        return sum / (sum + 2);
    }
}
