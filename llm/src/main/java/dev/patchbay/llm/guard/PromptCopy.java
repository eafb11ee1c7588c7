package dev.patchbay.llm.guard;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds pieces of the system prompt in an answer: a marker that only the system prompt holds, or a run of its words.
final class PromptCopy {

    /// So many words in a row are no accident.
    static final int WORDS = 12;
    /// No run of so many words is longer, so that a window holds one.
    static final int LONGEST = 160;
    private static final Pattern GAPS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final String marker;
    private final Set<String> runs;

    PromptCopy(String systemPrompt, String marker) {
        this.marker = marker;
        this.runs = runs(systemPrompt);
    }

    boolean isIn(String answer) {
        if (answer.contains(marker)) {
            return true;
        }
        return !runs.isEmpty() && runs(answer).stream().anyMatch(runs::contains);
    }

    private static Set<String> runs(String text) {
        String[] words = GAPS.split(text.toLowerCase(Locale.ROOT).strip());
        Set<String> runs = new HashSet<>();
        for (int i = 0; i + WORDS <= words.length; i++) {
            runs.add(String.join(" ", java.util.Arrays.asList(words).subList(i, i + WORDS)));
        }
        return runs;
    }
}
