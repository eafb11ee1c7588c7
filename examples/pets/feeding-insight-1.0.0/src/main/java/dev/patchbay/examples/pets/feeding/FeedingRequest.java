package dev.patchbay.examples.pets.feeding;

import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;

/// A pet and what its bowl noticed.
@Description("A pet and what its connected bowl noticed")
public record FeedingRequest(
        @Name("pet_id") @NotBlank @Size(max = 64) String petId,

        Species species,

        @Name("daily_target_g")
        @Description("What the pet should eat in a day, in grams")
        @Positive
        @DecimalMax("10000")
        double dailyTarget,

        @Description("In any order; two weeks are a good measure") @Size(max = 2000)
        List<BowlEvent> events) {

    /// Whose bowl it is, written as in JSON.
    public enum Species {
        dog,
        cat
    }
}
