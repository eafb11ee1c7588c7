package dev.patchbay.examples.pets.collar;

import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.PositiveOrZero;

/// Something a pet did.
@Description("Something the pet did")
public record CollarEvent(
        @Name("offset_s") @Description("When it began, in seconds after the session's start") @PositiveOrZero
        int offset,

        @Description("What the pet did; a cat's barks are meows")
        Kind kind,

        @Description("How hard the pet moved meanwhile, 0 to 1") @DecimalMin("0") @DecimalMax("1")
        double intensity,

        @Name("duration_s") @Description("How long it lasted, in seconds") @PositiveOrZero
        int duration) {

    /// What a pet can do, written as in JSON.
    public enum Kind {
        walk,
        run,
        play,
        rest,
        bark,
        scratch,
        drink;

        boolean isMoving() {
            return this == walk || this == run || this == play;
        }

        /// A pet is in one posture at a time; it barks, scratches and drinks in any.
        boolean isPosture() {
            return isMoving() || this == rest;
        }

        boolean isAlarm() {
            return this == bark || this == scratch;
        }
    }
}
