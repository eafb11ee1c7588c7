package dev.patchbay.examples.pets.nudge;

import dev.patchbay.api.Name;
import dev.patchbay.examples.pets.collar.Species;
import dev.patchbay.examples.pets.nudge.NudgeRequest.BowlEvent;
import java.time.LocalDate;
import java.util.List;

/// What `feeding_insight` answers, as far as it matters here.
public record FeedingInsight(double drift, List<Finding> findings) {

    /// A day's departure from the routine.
    public record Finding(String kind, LocalDate day, String text) {}

    /// What `feeding_insight` is asked.
    public record Question(
            @Name("pet_id") String petId,
            Species species,

            @Name("daily_target_g") double dailyTarget,

            List<BowlEvent> events) {

        static Question about(NudgeRequest request) {
            NudgeRequest.Feeding feeding = request.feeding();
            return new Question(request.petId(), request.species(), feeding.dailyTarget(), feeding.events());
        }
    }
}
