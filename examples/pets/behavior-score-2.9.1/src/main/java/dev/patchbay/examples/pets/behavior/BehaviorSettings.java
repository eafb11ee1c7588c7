package dev.patchbay.examples.pets.behavior;

import dev.patchbay.api.Default;
import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import dev.patchbay.examples.pets.behavior.BehaviorAnswer.Label;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

/// Where one label ends and the next begins.
public record BehaviorSettings(
        @Name("restless_above")
        @Description("A session with at least this score is restless")
        @Default("0.5")
        @DecimalMin("0")
        @DecimalMax("1")
        double restlessAbove,

        @Name("active_above")
        @Description("Any other session with at least this share of moving is active")
        @Default("0.35")
        @DecimalMin("0")
        @DecimalMax("1")
        double activeAbove) {

    Label label(double score, double movingShare) {
        if (score >= restlessAbove) {
            return Label.restless;
        }
        return movingShare >= activeAbove ? Label.active : Label.calm;
    }
}
