package dev.patchbay.examples.pets.behavior;

import dev.patchbay.api.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds the reasons for a score by asking the model again in the same run: what if one feature were as usual?
/// The features without which the score falls most are its reasons.
final class WhatIf {

    private static final Feature[] FEATURES = Feature.values();
    private static final float LEAST_FALL = 0.1f;
    private static final int MOST_REASONS = 3;

    private final float[] features;

    WhatIf(float[] features) {
        this.features = features;
    }

    /// The features as they are, then a row for each feature in which that one is as usual.
    Tensor rows() {
        int width = FEATURES.length;
        float[] rows = new float[(width + 1) * width];
        for (int row = 0; row <= width; row++) {
            System.arraycopy(features, 0, rows, row * width, width);
        }
        for (Feature feature : FEATURES) {
            int i = feature.ordinal();
            rows[(i + 1) * width + i] = feature.usual(features[i]);
        }
        return Tensor.of(rows, width + 1, width);
    }

    /// @param scores the score of every row
    List<String> reasons(float[] scores) {
        return Arrays.stream(FEATURES)
                .filter(feature -> fall(feature, scores) >= LEAST_FALL)
                .sorted(Comparator.comparingDouble((Feature feature) -> fall(feature, scores))
                        .reversed())
                .limit(MOST_REASONS)
                .map(this::reason)
                .toList();
    }

    private static float fall(Feature feature, float[] scores) {
        return scores[0] - scores[feature.ordinal() + 1];
    }

    private String reason(Feature feature) {
        float value = features[feature.ordinal()];
        return String.format(
                Locale.ROOT,
                "%s %.2f (usually %.2f)",
                feature.name().toLowerCase(Locale.ROOT),
                value,
                feature.usual(value));
    }
}
