package dev.patchbay.examples.pets.summary;

import dev.patchbay.api.Default;
import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Set;

/// How long a summary is and what it must not miss.
public record SummarySettings(
        @Description("The most sentences taken from the notes") @Default("3") @Min(1) @Max(20)
        int sentences,

        @Name("watch_for")
        @Description("A sentence with one of these words matters more; add those of your carers' languages")
        @Default("[blood, limp, limping, pain, red, swollen, vomit, vomited, panting, tablet, vet, dr, breakfast, "
                + "appetite, settle, forgot]")
        Set<String> watchFor) {}
