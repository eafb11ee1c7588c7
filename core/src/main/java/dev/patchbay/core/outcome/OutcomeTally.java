package dev.patchbay.core.outcome;

import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.statistics.Interval;
import dev.patchbay.core.statistics.Moments;
import dev.patchbay.core.statistics.Wilson;
import java.util.Map;
import java.util.TreeMap;

/// Counts one outcome of one version. Safe for threads.
final class OutcomeTally {

    private static final int LABELS = 20;
    private static final String OTHER = "(other)";

    private long count;
    private boolean onlyYesAndNo = true;
    private Moments numbers = Moments.NONE;
    private final Map<String, Long> labels = new TreeMap<>();

    synchronized void add(Feedback.Value value) {
        count++;
        switch (value) {
            case Feedback.Value.Amount(double number, boolean yesOrNo) -> {
                onlyYesAndNo &= yesOrNo;
                numbers = numbers.plus(number);
            }
            case Feedback.Value.Label(String text) ->
                labels.merge(labels.containsKey(text) || labels.size() < LABELS ? text : OTHER, 1L, Long::sum);
        }
    }

    synchronized OutcomeSummary summary(ModuleKey key, String name) {
        Interval interval = null;
        if (numbers.count() > 0 && onlyYesAndNo) {
            interval = Wilson.share(Math.round(numbers.mean() * numbers.count()), numbers.count());
        } else if (numbers.count() > 1) {
            double half = Wilson.Z95 * Math.sqrt(numbers.variance() / numbers.count());
            interval = new Interval(numbers.mean() - half, numbers.mean() + half);
        }
        return new OutcomeSummary(
                key, name, count, numbers.count() == 0 ? null : numbers.mean(), interval, Map.copyOf(labels));
    }
}
