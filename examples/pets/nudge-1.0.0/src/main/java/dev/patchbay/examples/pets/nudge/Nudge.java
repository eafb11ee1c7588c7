package dev.patchbay.examples.pets.nudge;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Lane;
import dev.patchbay.api.Module;
import dev.patchbay.api.Risk;

/// Asks two other tasks about a pet and decides whether its owner should hear of it. Whichever versions of them
/// are in force for the caller answer; this module knows the shape of their answers and nothing else.
@Module(
        task = "nudge",
        version = "1.0.0",
        owner = "pet-engagement",
        description = "Whether there is something to tell the owner today, and what",
        risk = Risk.LIMITED,
        lane = Lane.IO,
        config = NudgeSettings.class)
public final class Nudge implements InferenceModule<NudgeRequest, NudgeAnswer> {

    @Override
    public NudgeAnswer predict(NudgeRequest request, Call call) {
        BehaviorScore behavior =
                call.infer("behavior_score", BehaviorScore.Question.about(request), BehaviorScore.class);
        FeedingInsight feeding =
                call.infer("feeding_insight", FeedingInsight.Question.about(request), FeedingInsight.class);
        return new Advice(request, behavior, feeding, call.config(NudgeSettings.class)).answer();
    }
}
