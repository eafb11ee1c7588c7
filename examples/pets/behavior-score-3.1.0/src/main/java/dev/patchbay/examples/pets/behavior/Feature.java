package dev.patchbay.examples.pets.behavior;

import dev.patchbay.examples.pets.collar.SessionMeasures;
import dev.patchbay.examples.pets.collar.Species;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/// What the model looks at, in the order of its input.
enum Feature {
    MOVING_SHARE(SessionMeasures::movingShare, 0.07),
    REST_SHARE(SessionMeasures::restShare, 0.91),
    MEAN_INTENSITY(SessionMeasures::meanIntensity, 0.45),
    SHORT_RESTS_PER_HOUR(SessionMeasures::shortRestsPerHour, 0.9),
    BARKS_PER_HOUR(SessionMeasures::barksPerHour, 1.2),
    SCRATCHES_PER_HOUR(SessionMeasures::scratchesPerHour, 1.5),
    SWITCHES_PER_HOUR(SessionMeasures::switchesPerHour, 6.6),
    NIGHT_SHARE(SessionMeasures::nightShare, Feature.AS_IT_IS),
    IS_CAT((request, measures) -> request.species() == Species.cat ? 1 : 0),
    AGE_YEARS((request, measures) -> request.ageMonths() / 12.0),
    PLAY_SHARE(SessionMeasures::playShare, 0.02),
    LONGEST_REST_SHARE(SessionMeasures::longestRestShare, 0.16),
    INTENSITY_SPREAD(SessionMeasures::intensitySpread, 0.19),
    DRINKS_PER_HOUR(SessionMeasures::drinksPerHour, 0.7),
    WORST_WINDOW_SWITCHES(SessionMeasures::worstWindowSwitches, 5),
    WORST_WINDOW_ALARMS(SessionMeasures::worstWindowAlarms, 2);

    /// Stands for "whatever it is": an owner cannot be told that it was night, or that the pet is a cat.
    private static final double AS_IT_IS = Double.NaN;

    private final ToDoubleBiFunction<BehaviorRequest, SessionMeasures> measure;
    private final double usual;

    /// @param usual the median of the training sessions
    Feature(ToDoubleFunction<SessionMeasures> measure, double usual) {
        this.measure = (request, measures) -> measure.applyAsDouble(measures);
        this.usual = usual;
    }

    Feature(ToDoubleBiFunction<BehaviorRequest, SessionMeasures> measure) {
        this.measure = measure;
        this.usual = AS_IT_IS;
    }

    /// Computes in double and narrows at the end, as the training did.
    static float[] of(BehaviorRequest request) {
        SessionMeasures measures = new SessionMeasures(request.session());
        float[] row = new float[values().length];
        for (Feature feature : values()) {
            row[feature.ordinal()] = (float) feature.measure.applyAsDouble(request, measures);
        }
        return row;
    }

    float usual(float value) {
        return Double.isNaN(usual) ? value : (float) usual;
    }
}
