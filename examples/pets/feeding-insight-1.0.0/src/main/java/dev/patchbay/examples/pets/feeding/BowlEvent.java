package dev.patchbay.examples.pets.feeding;

import dev.patchbay.api.Description;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Instant;

/// Something a bowl noticed.
@Description("Something the bowl noticed")
public record BowlEvent(
        @Description("When; days are counted in UTC") Instant at,

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
