package dev.patchbay.llm.guard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Measures a detector: one threshold over all sets, the recall it leaves when at most one in a hundred harmless
/// texts is blocked, and how many harmless texts with trigger words the usual threshold blocks.
public final class InjectionBench {

    private static final double FALSE_POSITIVES = 0.01;

    private InjectionBench() {}

    /// A set of texts.
    ///
    /// @param attacks may be empty; then the set measures over-defence
    public record Sample(String name, List<String> attacks, List<String> harmless) {}

    /// What was measured of one set.
    ///
    /// @param recall of the attacks, at the threshold for one false positive in a hundred; NaN without attacks
    /// @param recallUsual the same at the usual threshold
    /// @param blocked of the harmless texts, at the usual threshold; NaN without harmless texts
    public record Line(String name, int attacks, int harmless, double recall, double recallUsual, double blocked) {}

    /// What was measured.
    ///
    /// @param threshold the lowest with at most one false positive in a hundred, over all sets
    /// @param microsMedian time for one text
    public record Result(double threshold, List<Line> lines, double microsMedian) {}

    /// Measures.
    public static Result run(ToDoubleFunction<String> detector, double usual, List<Sample> samples) {
        List<Double> nanos = new ArrayList<>();
        List<double[]> attacks = new ArrayList<>();
        List<double[]> harmless = new ArrayList<>();
        for (Sample sample : samples) {
            attacks.add(scores(detector, sample.attacks(), nanos));
            harmless.add(scores(detector, sample.harmless(), nanos));
        }
        double[] all =
                harmless.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
        double threshold = threshold(all);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            lines.add(new Line(
                    samples.get(i).name(),
                    attacks.get(i).length,
                    harmless.get(i).length,
                    share(attacks.get(i), threshold),
                    share(attacks.get(i), usual),
                    share(harmless.get(i), usual)));
        }
        nanos.sort(Double::compare);
        return new Result(threshold, lines, nanos.isEmpty() ? 0 : nanos.get(nanos.size() / 2) / 1000);
    }

    private static double[] scores(ToDoubleFunction<String> detector, List<String> texts, List<Double> nanos) {
        double[] scores = new double[texts.size()];
        for (int i = 0; i < scores.length; i++) {
            long from = System.nanoTime();
            scores[i] = detector.applyAsDouble(texts.get(i));
            nanos.add((double) (System.nanoTime() - from));
        }
        return scores;
    }

    /// Gives the lowest score that at most one in a hundred harmless texts reaches.
    private static double threshold(double[] sorted) {
        int allowed = (int) Math.floor(sorted.length * FALSE_POSITIVES);
        return sorted.length == 0 ? 0 : Math.nextUp(sorted[sorted.length - 1 - allowed]);
    }

    private static double share(double[] scores, double threshold) {
        return scores.length == 0
                ? Double.NaN
                : Arrays.stream(scores).filter(score -> score >= threshold).count() / (double) scores.length;
    }
}
