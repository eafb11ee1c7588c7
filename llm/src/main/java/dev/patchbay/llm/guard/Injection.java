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

/// A baseline that tells attempts to give a model other orders, in this process and without a model: weighted
/// expressions in several languages, each of a verb with its object rather than of a word alone, because harmless
/// questions hold the words as well. It knows the families it was written for and finds little of others. It never
/// prevents anything; a prompt should also keep data out of its system part and its tools on a list.
///
/// Any number of threads may ask it.
public final class Injection {

    /// Names the expressions on records and benches.
    public static final String VERSION = "expressions-1";
    /// The usual threshold.
    public static final double THRESHOLD = 0.5;

    private static final String FILE = "injection.tsv";
    /// Long texts are looked at in windows that overlap.
    private static final int WINDOW = 4000;
    private static final int OVERLAP = 400;
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\uFEFF\\u00AD]|[\\x{E0000}-\\x{E007F}]");

    private record Signal(double weight, Pattern pattern) {}

    private final List<Signal> signals;

    /// Reads the expressions.
    public Injection() {
        this.signals = signals();
    }

    private static List<Signal> signals() {
        List<Signal> signals = new ArrayList<>();
        InputStream file = Objects.requireNonNull(Injection.class.getResourceAsStream(FILE), FILE);
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
    public double score(String text) {
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
