package dev.patchbay.examples.pets.feeding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.examples.pets.feeding.BowlEvent.Kind;
import dev.patchbay.examples.pets.feeding.FeedingAnswer.UsualMeal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DayReviewTest {

    private static final FeedingSettings SETTINGS = new FeedingSettings(7, 60, 0.75, 1.25);

    private final List<BowlEvent> events = new ArrayList<>();

    @Test
    void a_steady_pet_has_a_routine_and_no_findings() {
        days(1, 10);

        assertThat(routine().meals())
                .containsExactly(new UsualMeal(LocalTime.of(7, 0), 100), new UsualMeal(LocalTime.of(18, 0), 100));
        assertThat(findings()).isEmpty();
    }

    @Test
    void a_meal_left_while_the_bowl_was_heard_is_skipped() {
        days(1, 8);
        visit(9, "07:05");
        meal(9, "18:00", 100);
        meal(10, "07:00", 100);

        assertThat(findings()).containsExactly("2026-03-09 skipped_meal left the meal of 07:00");
    }

    @Test
    void a_day_on_which_the_bowl_was_silent_has_no_findings() {
        days(1, 8);
        days(11, 12);

        assertThat(findings()).isEmpty();
    }

    @Test
    void a_day_that_is_not_over_has_no_skipped_supper() {
        days(1, 8);
        meal(9, "07:00", 100);
        visit(9, "17:30");

        assertThat(findings()).isEmpty();
    }

    @Test
    void a_first_day_that_began_at_noon_has_no_skipped_breakfast() {
        visit(1, "12:00");
        meal(1, "18:00", 100);
        days(2, 9);

        assertThat(findings()).isEmpty();
    }

    @Test
    void a_late_meal_is_no_skipped_one() {
        days(1, 8);
        meal(9, "07:00", 100);
        meal(9, "20:30", 100);

        assertThat(findings()).containsExactly("2026-03-09 late_meal ate at 20:30, usually at 18:00");
    }

    @Test
    void eating_less_is_told_with_the_usual_and_the_target() {
        days(1, 8);
        meal(9, "07:00", 60);
        meal(9, "18:00", 70);

        assertThat(findings()).containsExactly("2026-03-09 eats_less ate 130 g, usually 200 g (target 210 g)");
    }

    @Test
    void a_skipped_meal_is_not_told_a_second_time_as_eating_less() {
        days(1, 8);
        meal(9, "07:00", 100);
        visit(9, "20:00");

        assertThat(findings()).containsExactly("2026-03-09 skipped_meal left the meal of 18:00");
    }

    @Test
    void two_days_make_no_routine() {
        days(1, 2);

        assertThat(routine().isKnown()).isFalse();
        assertThat(findings()).isEmpty();
    }

    private Routine routine() {
        return Routine.learnedFrom(new BowlHistory(events).days(), SETTINGS.routineDays());
    }

    private List<String> findings() {
        BowlHistory history = new BowlHistory(events);
        return history.days().stream()
                .flatMap(day -> new DayReview(day, history, routine(), SETTINGS).findings(210).stream())
                .map(finding -> finding.day() + " " + finding.kind() + " " + finding.text())
                .toList();
    }

    private void days(int from, int to) {
        for (int day = from; day <= to; day++) {
            meal(day, "07:00", 100);
            meal(day, "18:00", 100);
        }
    }

    private void meal(int day, String time, double grams) {
        events.add(new BowlEvent(at(day, time), Kind.meal, grams));
    }

    private void visit(int day, String time) {
        events.add(new BowlEvent(at(day, time), Kind.visit, 0));
    }

    private static Instant at(int day, String time) {
        return Instant.parse("%sT%s:00Z".formatted(LocalDate.of(2026, 3, day), time));
    }
}
