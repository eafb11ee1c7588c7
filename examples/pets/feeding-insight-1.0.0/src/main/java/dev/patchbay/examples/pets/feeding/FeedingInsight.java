package dev.patchbay.examples.pets.feeding;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Module;
import dev.patchbay.api.Risk;
import java.util.List;

/// Learns a pet's routine from its first days at the bowl and tells which days depart from it.
@Module(
        task = "feeding_insight",
        version = "1.0.0",
        owner = "pet-insights",
        description = "Whether a pet eats as it always did, from the events of a connected bowl",
        risk = Risk.LIMITED,
        labels = "model=rules",
        deterministic = true,
        config = FeedingSettings.class)
public final class FeedingInsight implements InferenceModule<FeedingRequest, FeedingAnswer> {

    private static final int RECENT_DAYS = 3;

    @Override
    public FeedingAnswer predict(FeedingRequest request, Call call) {
        FeedingSettings settings = call.config(FeedingSettings.class);
        BowlHistory history = new BowlHistory(request.events());
        Routine routine = Routine.learnedFrom(history.days(), settings.routineDays());
        List<DayReview> reviews = history.days().stream()
                .map(day -> new DayReview(day, history, routine, settings))
                .toList();
        return new FeedingAnswer(
                drift(reviews, routine),
                routine.meals(),
                reviews.stream()
                        .flatMap(review -> review.findings(request.dailyTarget()).stream())
                        .toList());
    }

    private static double drift(List<DayReview> reviews, Routine routine) {
        if (!routine.isKnown()) {
            return 0;
        }
        double mean = reviews.reversed().stream()
                .limit(RECENT_DAYS)
                .mapToDouble(DayReview::departure)
                .average()
                .orElse(0);
        return Math.round(mean * 100) / 100.0;
    }
}
