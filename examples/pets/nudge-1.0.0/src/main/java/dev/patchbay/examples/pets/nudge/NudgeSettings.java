package dev.patchbay.examples.pets.nudge;

import dev.patchbay.api.Default;
import dev.patchbay.api.Description;
import dev.patchbay.api.Name;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// When an owner is bothered.
public record NudgeSettings(
        @Name("recent_days")
        @Description("Findings at the bowl count on its last day and this many days before")
        @Default("2")
        @Min(0)
        @Max(13)
        int recentDays,

        @Name("least_findings")
        @Description("So many recent findings at the bowl are worth a word")
        @Default("2")
        @Min(1)
        @Max(100)
        int leastFindings) {}
