package dev.patchbay.examples.pets.feeding;

import dev.patchbay.api.Default;
import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// How far from the routine is worth a word.
public record FeedingSettings(
        @Name("routine_days")
        @Description("The routine is learned from this many days, the first on which the bowl was heard")
        @Default("7")
        @Min(3)
        @Max(30)
        int routineDays,

        @Name("late_minutes") @Description("A meal is late by more than this") @Default("60") @Min(10) @Max(240)
        int lateMinutes,

        @Name("eats_less_below")
        @Description("Less than this share of the usual meals is less")
        @Default("0.75")
        @DecimalMin("0")
        @DecimalMax("1")
        double eatsLessBelow,

        @Name("eats_more_above")
        @Description("More than this multiple of the usual meals is more")
        @Default("1.25")
        @DecimalMin("1")
        @DecimalMax("10")
        double eatsMoreAbove) {}
