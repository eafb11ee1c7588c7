package dev.patchbay.examples.pets.behavior;

import dev.patchbay.examples.pets.collar.SessionMeasures;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A limit that a calm session keeps.
///
/// @param weight what breaking it adds to the score
record Rule(String name, ToDoubleFunction<SessionMeasures> measure, double limit, double weight) {

    static final List<Rule> ALL = List.of(
            new Rule("short_rests_per_hour", SessionMeasures::shortRestsPerHour, 6, 0.3),
            new Rule("switches_per_hour", SessionMeasures::switchesPerHour, 12, 0.15),
            new Rule("barks_per_hour", SessionMeasures::barksPerHour, 12, 0.25),
            new Rule("scratches_per_hour", SessionMeasures::scratchesPerHour, 12, 0.35),
            new Rule("moving_share_at_night", m -> m.nightShare() > 0.5 ? m.movingShare() : 0, 0.15, 0.25));

    static final Comparator<Rule> WEIGHTIEST_FIRST =
            Comparator.comparingDouble(Rule::weight).reversed();

    boolean isBroken(SessionMeasures measures) {
        return measure.applyAsDouble(measures) > limit;
    }

    String reason(SessionMeasures measures) {
        return String.format(Locale.ROOT, "%s %.2f (limit %.2f)", name, measure.applyAsDouble(measures), limit);
    }
}
