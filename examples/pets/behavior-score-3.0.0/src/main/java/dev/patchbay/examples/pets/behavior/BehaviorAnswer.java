package dev.patchbay.examples.pets.behavior;

import dev.patchbay.api.Description;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.util.List;

/// How restless the pet was.
@Description("How restless the pet was")
public record BehaviorAnswer(
        @Description("How likely a carer would call the pet restless, 0 to 1") @DecimalMin("0") @DecimalMax("1")
        float score,

        @Description("The session in a word") Label label,

        @Description("What raised the score, the weightiest first")
        List<String> reasons) {

    /// A session in a word.
    public enum Label {
        restless,
        active,
        calm
    }
}
