package dev.patchbay.examples.pets.behavior;

import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import dev.patchbay.examples.pets.collar.Session;
import dev.patchbay.examples.pets.collar.Species;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

/// A pet and what its collar recorded.
@Description("A pet and what its collar recorded")
public record BehaviorRequest(
        @Name("pet_id") @NotBlank @Size(max = 64) String petId,

        Species species,

        @Name("age_months") @PositiveOrZero @Max(480) int ageMonths,

        Session session) {}
