package dev.patchbay.examples.pets.behavior;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Lane;
import dev.patchbay.api.Module;
import dev.patchbay.api.Risk;
import dev.patchbay.examples.pets.collar.SessionMeasures;
import java.util.List;

/// Scores a session by rules: what each of them found adds up.
@Module(
        task = "behavior_score",
        version = "2.9.1",
        owner = "pet-insights",
        description = "How likely a carer would call this session restless, by rules",
        risk = Risk.LIMITED,
        labels = "model=rules",
        lane = Lane.INLINE,
        deterministic = true,
        config = BehaviorSettings.class)
public final class BehaviorScore implements InferenceModule<BehaviorRequest, BehaviorAnswer> {

    @Override
    public BehaviorAnswer predict(BehaviorRequest request, Call call) {
        SessionMeasures measures = new SessionMeasures(request.session());
        List<Rule> broken = Rule.ALL.stream()
                .filter(rule -> rule.isBroken(measures))
                .sorted(Rule.WEIGHTIEST_FIRST)
                .toList();
        double score = Math.min(1, broken.stream().mapToDouble(Rule::weight).sum());
        return new BehaviorAnswer(
                (float) score,
                call.config(BehaviorSettings.class).label(score, measures.movingShare()),
                broken.stream().map(rule -> rule.reason(measures)).toList());
    }
}
