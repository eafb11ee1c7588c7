package dev.patchbay.examples.pets.feeding;

import dev.patchbay.examples.pets.feeding.BowlEvent.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The days on which a bowl was heard. On a day without any event it was silent (no network, no power), which
/// says nothing about the pet, so that such a day is not here.
final class BowlHistory {

    private final List<BowlDay> days;
    private final Instant begin;
    private final Instant end;

    BowlHistory(List<BowlEvent> events) {
        days = events.stream()
                .collect(Collectors.groupingBy(BowlHistory::day, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(day -> new BowlDay(day.getKey(), meals(day.getValue())))
                .toList();
        List<Instant> times = events.stream().map(BowlEvent::at).sorted().toList();
        begin = times.isEmpty() ? Instant.MAX : times.getFirst();
        end = times.isEmpty() ? Instant.MIN : times.getLast();
    }

    /// A day and its meals in the order of their times.
    record BowlDay(LocalDate date, List<Meal> meals) {}

    record Meal(int minute, double grams) {}

    /// In the order of their dates.
    List<BowlDay> days() {
        return days;
    }

    /// Tells whether the history goes from before one minute of a day to after another; the first day may have
    /// begun in its middle, and the last is not over.
    boolean covers(LocalDate day, int fromMinute, int toMinute) {
        Instant midnight = day.atStartOfDay().toInstant(ZoneOffset.UTC);
        return begin.isBefore(midnight.plusSeconds(fromMinute * 60L))
                && end.isAfter(midnight.plusSeconds(toMinute * 60L));
    }

    private static LocalDate day(BowlEvent event) {
        return LocalDate.ofInstant(event.at(), ZoneOffset.UTC);
    }

    private static List<Meal> meals(List<BowlEvent> events) {
        return events.stream()
                .filter(event -> event.kind() == Kind.meal)
                .map(event ->
                        new Meal(LocalTime.ofInstant(event.at(), ZoneOffset.UTC).toSecondOfDay() / 60, event.grams()))
                .sorted(Comparator.comparingInt(Meal::minute))
                .toList();
    }
}
