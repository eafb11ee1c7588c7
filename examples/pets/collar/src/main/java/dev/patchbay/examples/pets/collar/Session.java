package dev.patchbay.examples.pets.collar;

import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;

/// What a collar recorded between being put on and taken off.
@Description("What the collar recorded")
public record Session(
        @Name("started_at") @Description("When the session began; nights are counted in UTC")
        Instant startedAt,

        @Description("How long it was, in minutes, a day at most") @Min(1) @Max(1440)
        int minutes,

        @Description("In any order; what begins after the session's end does not count") @Size(max = 500)
        List<CollarEvent> events) {}
