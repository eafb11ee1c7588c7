package dev.patchbay.examples.pets.behavior;

import dev.patchbay.examples.pets.collar.SessionMeasures;
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
    NIGHT_SHARE(SessionMeasures::nightShare, Feature.AS_IT_IS);

    /// Stands for "whatever it is": an owner cannot be told that it was night.
    private static final double AS_IT_IS = Double.NaN;

    private final ToDoubleFunction<SessionMeasures> measure;
    private final double usual;

    /// @param usual the median of the training sessions
    Feature(ToDoubleFunction<SessionMeasures> measure, double usual) {
        this.measure = measure;
        this.usual = usual;
    }

    /// Computes in double and narrows at the end, as the training did.
    static float[] of(BehaviorRequest request) {
        SessionMeasures measures = new SessionMeasures(request.session());
        float[] row = new float[values().length];
        for (Feature feature : values()) {
            row[feature.ordinal()] = (float) feature.measure.applyAsDouble(measures);
        }
        return row;
    }

    float usual(float value) {
        return Double.isNaN(usual) ? value : (float) usual;
    }
}
