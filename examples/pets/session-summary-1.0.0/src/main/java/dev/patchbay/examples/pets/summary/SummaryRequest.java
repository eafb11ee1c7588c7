package dev.patchbay.examples.pets.summary;

import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import dev.patchbay.examples.pets.collar.Session;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/// A carer's visit.
@Description("A carer's visit")
public record SummaryRequest(
        @Name("pet_id") @NotBlank @Size(max = 64) String petId,

        @Description("What the pet is called") @NotBlank @Size(max = 100)
        String name,

        @Description("What the carer wrote, in any language") @Size(max = 20_000)
        String notes,

        Session session) {}
