package dev.patchbay.examples.pets.feeding;

import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;

/// A pet's routine at the bowl and the days that depart from it.
@Description("The pet's routine and the days that depart from it")
public record FeedingAnswer(
        @Description("How far the last three days are from the routine: 0 not at all, 1 wholly")
        @DecimalMin("0")
        @DecimalMax("1")
        double drift,

        @Name("usual_meals") @Description("The routine; empty if there are too few days to know one")
        List<UsualMeal> usualMeals,

        @Description("What departs from the routine, the oldest first")
        List<Finding> findings) {

    /// A meal that the pet has nearly every day.
    public record UsualMeal(
            @Description("The usual time, UTC") LocalTime at, double grams) {}

    /// A day's departure from the routine.
    public record Finding(
            Kind kind,
            LocalDate day,
            @Description("For the owner") String text) {

        /// What can depart from a routine, written as in JSON.
        public enum Kind {
            late_meal,
            skipped_meal,
            eats_less,
            eats_more
        }
    }
}
