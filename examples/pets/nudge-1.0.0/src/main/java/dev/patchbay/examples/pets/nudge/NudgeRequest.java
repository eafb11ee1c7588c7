package dev.patchbay.examples.pets.nudge;

import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import dev.patchbay.examples.pets.collar.Session;
import dev.patchbay.examples.pets.collar.Species;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;

/// A pet, what its collar recorded and what its bowl noticed.
@Description("A pet, what its collar recorded and what its bowl noticed")
public record NudgeRequest(
        @Name("pet_id") @NotBlank @Size(max = 64) String petId,

        Species species,

        @Name("age_months") @PositiveOrZero @Max(480) int ageMonths,

        Session session,

        Feeding feeding) {

    /// What the pet should eat and what its bowl noticed.
    public record Feeding(
            @Name("daily_target_g")
            @Description("What the pet should eat in a day, in grams")
            @Positive
            @DecimalMax("10000")
            double dailyTarget,

            @Description("In any order") @Size(max = 2000) List<BowlEvent> events) {}

    /// Something the bowl noticed.
    public record BowlEvent(
            Instant at,

            @Description("A visit is one without eating") Kind kind,

            @Description("Eaten or filled in, in grams") @PositiveOrZero @DecimalMax("10000")
            double grams) {

        /// What a bowl can notice, written as in JSON.
        public enum Kind {
            meal,
            refill,
            visit
        }
    }
}
