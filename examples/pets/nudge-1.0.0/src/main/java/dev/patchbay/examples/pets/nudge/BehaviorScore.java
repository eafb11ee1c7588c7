package dev.patchbay.examples.pets.nudge;

import dev.patchbay.api.Name;
import dev.patchbay.examples.pets.collar.Session;
import dev.patchbay.examples.pets.collar.Species;
import java.util.List;

/// What `behavior_score` answers, as far as it matters here.
public record BehaviorScore(double score, String label, List<String> reasons) {

    boolean isRestless() {
        return label.equals("restless");
    }

    /// What `behavior_score` is asked.
    public record Question(
            @Name("pet_id") String petId,
            Species species,

            @Name("age_months") int ageMonths,

            Session session) {

        static Question about(NudgeRequest request) {
            return new Question(request.petId(), request.species(), request.ageMonths(), request.session());
        }
    }
}
