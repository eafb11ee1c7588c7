package dev.patchbay.examples.pets.summary;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A carer's notes, sentence by sentence.
///
/// @param sentences in the order they were written
record Notes(List<String> sentences) {

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    /// `Dr.` and `z.B.` end no sentence.
    private static final Pattern ABBREVIATED = Pattern.compile("\\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|Nr|\\p{L})\\.\\s*$");

    private static final int LONGEST_ABBREVIATION = 8;

    private static final int SHORTEST_TOPIC = 4;
    private static final double WATCHED = 2;
    private static final double OPENING = 0.5;

    static Notes of(String text) {
        BreakIterator ends = BreakIterator.getSentenceInstance(Locale.ROOT);
        ends.setText(text);
        List<String> sentences = new ArrayList<>();
        int from = ends.first();
        for (int to = ends.next(); to != BreakIterator.DONE; to = ends.next()) {
            String end = text.substring(Math.max(from, to - LONGEST_ABBREVIATION), to);
            if (to == text.length() || !ABBREVIATED.matcher(end).find()) {
                String sentence = text.substring(from, to).strip();
                if (!sentence.isEmpty()) {
                    sentences.add(sentence);
                }
                from = to;
            }
        }
        return new Notes(sentences);
    }

    /// Picks the weightiest sentences and keeps their order.
    List<String> weightiest(int most, Set<String> watchFor) {
        List<Set<String>> words = sentences.stream().map(Notes::words).toList();
        Map<String, Long> topics = words.stream()
                .flatMap(Collection::stream)
                .filter(word -> word.length() >= SHORTEST_TOPIC)
                .collect(Collectors.groupingBy(word -> word, HashMap::new, Collectors.counting()));
        double[] weights = IntStream.range(0, sentences.size())
                .mapToDouble(i -> weight(words.get(i), topics, watchFor) + (i == 0 ? OPENING : 0))
                .toArray();
        return IntStream.range(0, sentences.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> weights[i]).reversed())
                .limit(most)
                .sorted()
                .map(sentences::get)
                .toList();
    }

    /// A sentence weighs what it shares with the others, and more if it has a word to watch for.
    private static double weight(Set<String> words, Map<String, Long> topics, Set<String> watchFor) {
        double shared = words.stream()
                .mapToDouble(word -> topics.getOrDefault(word, 1L) - 1)
                .sum();
        long watched = words.stream().filter(watchFor::contains).count();
        return shared / Math.sqrt(Math.max(1, words.size())) + WATCHED * watched;
    }

    private static Set<String> words(String sentence) {
        return NO_WORD.splitAsStream(sentence.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
