package dev.patchbay.examples.pets.behavior;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Model;
import dev.patchbay.api.Module;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.Risk;
import dev.patchbay.api.Tensors;

/// Scores a session by a small neural network trained on labelled sessions.
@Module(
        task = "behavior_score",
        version = "3.1.0",
        owner = "pet-insights",
        description = "How likely a carer would call this session restless, by a small neural network",
        risk = Risk.LIMITED,
        labels = "model=multi-layer-perceptron",
        deterministic = true,
        config = BehaviorSettings.class)
public final class BehaviorScore implements InferenceModule<BehaviorRequest, BehaviorAnswer> {

    private Model model;

    @Override
    public void load(ModuleContext context) {
        model = context.model("behavior.onnx");
    }

    @Override
    public BehaviorAnswer predict(BehaviorRequest request, Call call) {
        float[] features = Feature.of(request);
        WhatIf whatIf = new WhatIf(features);
        float[] scores = model.run(Tensors.of("features", whatIf.rows())).floats("score");
        float score = scores[0];
        float movingShare = features[Feature.MOVING_SHARE.ordinal()];
        return new BehaviorAnswer(
                score, call.config(BehaviorSettings.class).label(score, movingShare), whatIf.reasons(scores));
    }
}
