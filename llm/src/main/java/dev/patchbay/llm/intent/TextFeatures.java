package dev.patchbay.llm.intent;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a classifier sees of a text: its words, pairs of neighbours, and runs of letters within words, which carry
/// over to inflections and misspellings.
final class TextFeatures {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}']+");
    private static final int SHORTEST_RUN = 3;
    private static final int LONGEST_RUN = 5;

    private TextFeatures() {}

    static List<String> of(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        List<String> features = new ArrayList<>();
        String before = "^";
        for (String word : BETWEEN_WORDS.split(plain)) {
            if (!word.isEmpty()) {
                features.add(word);
                features.add(before + " " + word);
                before = word;
                runs(word, features);
            }
        }
        return features;
    }

    private static void runs(String word, List<String> features) {
        String bounded = "<" + word + ">";
        for (int length = SHORTEST_RUN; length <= LONGEST_RUN; length++) {
            for (int i = 0; i + length <= bounded.length(); i++) {
                features.add("#" + bounded.substring(i, i + length));
            }
        }
    }
}
