package dev.patchbay.llm.intent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Tells intents apart by examples of each: multinomial logistic regression over TF-IDF of [TextFeatures], trained
/// when it is made by AdaGrad ([Duchi et al. 2011](https://jmlr.org/papers/v12/duchi11a.html)). The same examples
/// make the same classifier. Immutable; any number of threads may ask it.
public final class IntentClassifier {

    private static final int EPOCHS = 12;
    private static final float STEP = 0.5f;
    private static final float NOTHING = 1e-3f;
    private static final int SEED = 20;

    private final List<String> intents;
    /// Feature → its row.
    private final Map<String, Integer> rows;
    private final float[] rarity;
    /// Row by row, a weight for each intent.
    private final float[] weights;

    /// How sure the classifier is of an intent.
    ///
    /// @param confidence from 0 to 1; little for texts that are like none of the examples
    public record Ranked(String intent, double confidence) {}

    /// Learns from examples.
    ///
    /// @param examples intent → texts
    /// @throws IllegalArgumentException if there are fewer than two intents, or one has no example
    public IntentClassifier(Map<String, List<String>> examples) {
        if (examples.size() < 2) {
            throw new IllegalArgumentException(
                    "there are %d intents with examples; two are the least".formatted(examples.size()));
        }
        this.intents = List.copyOf(new TreeMap<>(examples).keySet());
        List<Map<String, Integer>> texts = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        Map<String, Integer> documents = new HashMap<>();
        for (String intent : intents) {
            List<String> said = examples.getOrDefault(intent, List.of());
            if (said.isEmpty()) {
                throw new IllegalArgumentException("intent '" + intent + "' has no example");
            }
            for (String text : said) {
                Map<String, Integer> counts = counts(text);
                texts.add(counts);
                labels.add(intents.indexOf(intent));
                counts.keySet().forEach(feature -> documents.merge(feature, 1, Integer::sum));
            }
        }
        int least = texts.size() >= 1000 ? 2 : 1;
        this.rows = new HashMap<>();
        new TreeMap<>(documents).forEach((feature, count) -> {
            if (count >= least) {
                rows.put(feature, rows.size());
            }
        });
        this.rarity = new float[rows.size()];
        rows.forEach((feature, row) -> rarity[row] =
                (float) (Math.log((1.0 + texts.size()) / (1.0 + documents.getOrDefault(feature, 0))) + 1));
        this.weights = new float[rows.size() * intents.size()];
        train(texts.stream().map(this::vector).toList(), labels);
    }

    private static Map<String, Integer> counts(String text) {
        Map<String, Integer> counts = new HashMap<>();
        TextFeatures.of(text).forEach(feature -> counts.merge(feature, 1, Integer::sum));
        return counts;
    }

    /// A text of length 1 in the space of features.
    ///
    /// @param known which part of the text is in the examples, from 0 to 1
    private record Vector(int[] rows, float[] values, double known) {}

    private Vector vector(Map<String, Integer> counts) {
        int[] at = new int[counts.size()];
        float[] values = new float[counts.size()];
        int size = 0;
        double square = 0;
        double words = 0;
        double knownWords = 0;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            Integer row = rows.get(entry.getKey());
            boolean word = entry.getKey().charAt(0) != '#' && entry.getKey().indexOf(' ') < 0;
            words += word ? 1 : 0;
            if (row != null) {
                float value = (float) (1 + Math.log(entry.getValue())) * rarity[row];
                at[size] = row;
                values[size++] = value;
                square += value * value;
                knownWords += word ? 1 : 0;
            }
        }
        float length = (float) Math.sqrt(square);
        for (int i = 0; i < size; i++) {
            values[i] /= length;
        }
        return new Vector(Arrays.copyOf(at, size), Arrays.copyOf(values, size), words == 0 ? 0 : knownWords / words);
    }

    private void train(List<Vector> texts, List<Integer> labels) {
        int classes = intents.size();
        float[] squares = new float[weights.length];
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            order.add(i);
        }
        Random random = new Random(SEED);
        float[] scores = new float[classes];
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            Collections.shuffle(order, random);
            for (int index : order) {
                Vector text = texts.get(index);
                probabilities(text, scores);
                scores[labels.get(index)] -= 1;
                int[] wrong = wrong(scores);
                for (int i = 0; i < text.rows().length; i++) {
                    int from = text.rows()[i] * classes;
                    float value = text.values()[i];
                    for (int c : wrong) {
                        float gradient = scores[c] * value;
                        squares[from + c] += gradient * gradient;
                        weights[from + c] -= STEP * gradient / (float) Math.sqrt(squares[from + c] + 1e-8f);
                    }
                }
            }
        }
    }

    /// Lists the intents whose score is off by more than nothing; soon they are few.
    private static int[] wrong(float[] scores) {
        int[] wrong = new int[scores.length];
        int count = 0;
        for (int c = 0; c < scores.length; c++) {
            if (Math.abs(scores[c]) > NOTHING) {
                wrong[count++] = c;
            }
        }
        return Arrays.copyOf(wrong, count);
    }

    private void probabilities(Vector text, float[] into) {
        int classes = intents.size();
        Arrays.fill(into, 0);
        for (int i = 0; i < text.rows().length; i++) {
            int from = text.rows()[i] * classes;
            float value = text.values()[i];
            for (int c = 0; c < classes; c++) {
                into[c] += weights[from + c] * value;
            }
        }
        float most = Float.NEGATIVE_INFINITY;
        for (float score : into) {
            most = Math.max(most, score);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            into[c] = (float) Math.exp(into[c] - most);
            sum += into[c];
        }
        for (int c = 0; c < classes; c++) {
            into[c] /= (float) sum;
        }
    }

    /// Ranks the intents of a text, the surest first.
    public List<Ranked> rank(String text) {
        Vector vector = vector(counts(text));
        float[] scores = new float[intents.size()];
        probabilities(vector, scores);
        List<Ranked> ranked = new ArrayList<>();
        for (int c = 0; c < scores.length; c++) {
            // words that no example has make everything less sure
            ranked.add(new Ranked(intents.get(c), scores[c] * vector.known()));
        }
        ranked.sort((a, b) -> Double.compare(b.confidence(), a.confidence()));
        return ranked;
    }

    /// Lists the intents.
    public java.util.Set<String> intents() {
        return new HashSet<>(intents);
    }
}
