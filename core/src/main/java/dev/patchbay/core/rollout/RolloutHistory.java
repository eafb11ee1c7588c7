package dev.patchbay.core.rollout;

import dev.patchbay.core.statistics.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How the evidence of an experiment grew, in at most [#MOST] points: when there are too many, every other one is
/// dropped and points come half as often. Safe for threads.
public final class RolloutHistory {

    private static final int MOST = 400;

    /// The evidence at one moment; counts are of all calls up to it.
    ///
    /// @param share in thousandths of a percent
    /// @param evidence the e-value of errors
    public record Point(
            Instant time,
            long share,
            long canaryCalls,
            long canaryErrors,
            long controlCalls,
            long controlErrors,
            double evidence,
            double latencyRatio,
            Verdict verdict) {}

    private final List<Point> points = new ArrayList<>();
    private Duration every = Duration.ofSeconds(2);

    synchronized void add(Point point) {
        if (!points.isEmpty()
                && Duration.between(points.getLast().time(), point.time()).compareTo(every) < 0
                && points.getLast().verdict() == point.verdict()
                && points.getLast().share() == point.share()) {
            return;
        }
        points.add(point);
        if (points.size() > MOST) {
            for (int i = points.size() - 2; i > 0; i -= 2) {
                points.remove(i);
            }
            every = every.multipliedBy(2);
        }
    }

    /// Lists the points, the oldest first.
    public synchronized List<Point> points() {
        return List.copyOf(points);
    }
}
