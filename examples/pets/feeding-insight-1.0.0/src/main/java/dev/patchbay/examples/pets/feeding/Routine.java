package dev.patchbay.examples.pets.feeding;

import dev.patchbay.examples.pets.feeding.BowlHistory.BowlDay;
import dev.patchbay.examples.pets.feeding.BowlHistory.Meal;
import dev.patchbay.examples.pets.feeding.FeedingAnswer.UsualMeal;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The meals that a pet has nearly every day.
///
/// @param meals in the order of their times; empty if there are too few days to know
record Routine(List<UsualMeal> meals) {

    private static final int LEAST_DAYS = 3;
    private static final int MINUTES_APART = 60;
    private static final double NEARLY_EVERY_DAY = 0.6;

    boolean isKnown() {
        return !meals.isEmpty();
    }

    /// Takes meals at about the same time of the day as one meal, and keeps those of most days.
    static Routine learnedFrom(List<BowlDay> days, int most) {
        List<BowlDay> first = days.stream().limit(most).toList();
        if (first.size() < LEAST_DAYS) {
            return new Routine(List.of());
        }
        double least = NEARLY_EVERY_DAY * first.size();
        return new Routine(sameTime(first).stream()
                .filter(meals -> meals.size() >= least)
                .map(Routine::usual)
                .toList());
    }

    private static List<List<Meal>> sameTime(List<BowlDay> days) {
        List<Meal> all = days.stream()
                .flatMap(day -> day.meals().stream())
                .sorted(Comparator.comparingInt(Meal::minute))
                .toList();
        List<List<Meal>> groups = new ArrayList<>();
        for (Meal meal : all) {
            if (groups.isEmpty() || meal.minute() - groups.getLast().getLast().minute() >= MINUTES_APART) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(meal);
        }
        return groups;
    }

    private static UsualMeal usual(List<Meal> meals) {
        int minute =
                (int) median(meals.stream().mapToDouble(Meal::minute).sorted().toArray());
        double grams = median(meals.stream().mapToDouble(Meal::grams).sorted().toArray());
        return new UsualMeal(LocalTime.ofSecondOfDay(minute * 60L), Math.round(grams * 10) / 10.0);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
