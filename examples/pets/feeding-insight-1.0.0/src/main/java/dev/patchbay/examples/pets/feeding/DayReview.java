package dev.patchbay.examples.pets.feeding;

import dev.patchbay.examples.pets.feeding.BowlHistory.BowlDay;
import dev.patchbay.examples.pets.feeding.BowlHistory.Meal;
import dev.patchbay.examples.pets.feeding.FeedingAnswer.Finding;
import dev.patchbay.examples.pets.feeding.FeedingAnswer.Finding.Kind;
import dev.patchbay.examples.pets.feeding.FeedingAnswer.UsualMeal;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A day beside the routine: which meal of the day is which usual one, and what differs.
final class DayReview {

    private static final int REACH_MINUTES = 240;

    private final BowlDay day;
    private final FeedingSettings settings;
    private final Map<UsualMeal, Meal> eaten;
    private final List<UsualMeal> skipped;

    DayReview(BowlDay day, BowlHistory history, Routine routine, FeedingSettings settings) {
        this.day = day;
        this.settings = settings;
        eaten = match(routine.meals(), day.meals());
        skipped = routine.meals().stream()
                .filter(usual -> !eaten.containsKey(usual))
                .filter(usual -> history.covers(day.date(), minute(usual), minute(usual) + settings.lateMinutes()))
                .toList();
    }

    private record Pair(UsualMeal usual, Meal meal) {

        int distance() {
            return Math.abs(lateness());
        }

        int lateness() {
            return meal.minute() - minute(usual);
        }
    }

    /// Pairs usual meals with those of the day, the nearest first, each at most once.
    private static Map<UsualMeal, Meal> match(List<UsualMeal> usual, List<Meal> meals) {
        List<Pair> near = usual.stream()
                .flatMap(of -> meals.stream().map(meal -> new Pair(of, meal)))
                .filter(pair -> pair.distance() <= REACH_MINUTES)
                .sorted(Comparator.comparingInt(Pair::distance))
                .toList();
        Map<UsualMeal, Meal> matched = new LinkedHashMap<>();
        for (Pair pair : near) {
            if (!matched.containsValue(pair.meal())) {
                matched.putIfAbsent(pair.usual(), pair.meal());
            }
        }
        return matched;
    }

    /// Tells how far the day is from the routine, 0 to 1: by what was eaten, or by the meals late and skipped.
    double departure() {
        double amount = eaten.isEmpty() ? 0 : Math.abs(1 - share());
        int due = eaten.size() + skipped.size();
        double times = due == 0 ? 0 : (double) (late().size() + skipped.size()) / due;
        return Math.min(1, Math.max(amount, times));
    }

    List<Finding> findings(double dailyTarget) {
        List<Finding> findings = new ArrayList<>();
        for (UsualMeal usual : skipped) {
            findings.add(finding(Kind.skipped_meal, "left the meal of %s".formatted(usual.at())));
        }
        for (Pair pair : late()) {
            LocalTime at = LocalTime.ofSecondOfDay(pair.meal().minute() * 60L);
            findings.add(finding(
                    Kind.late_meal,
                    "ate at %s, usually at %s".formatted(at, pair.usual().at())));
        }
        if (!eaten.isEmpty() && share() < settings.eatsLessBelow()) {
            findings.add(finding(Kind.eats_less, amounts(dailyTarget)));
        }
        if (!eaten.isEmpty() && share() > settings.eatsMoreAbove()) {
            findings.add(finding(Kind.eats_more, amounts(dailyTarget)));
        }
        return findings;
    }

    private List<Pair> late() {
        return eaten.entrySet().stream()
                .map(entry -> new Pair(entry.getKey(), entry.getValue()))
                .filter(pair -> pair.lateness() > settings.lateMinutes())
                .sorted(Comparator.comparing(pair -> pair.usual().at()))
                .toList();
    }

    /// What was eaten as a multiple of the usual.
    private double share() {
        return usual() == 0 ? 1 : total() / usual();
    }

    /// Without the skipped meals, which are a finding of their own.
    private double usual() {
        return eaten.keySet().stream().mapToDouble(UsualMeal::grams).sum();
    }

    private double total() {
        return day.meals().stream().mapToDouble(Meal::grams).sum();
    }

    private String amounts(double dailyTarget) {
        return String.format(Locale.ROOT, "ate %.0f g, usually %.0f g (target %.0f g)", total(), usual(), dailyTarget);
    }

    private Finding finding(Kind kind, String text) {
        return new Finding(kind, day.date(), text);
    }

    private static int minute(UsualMeal usual) {
        return usual.at().toSecondOfDay() / 60;
    }
}
