package dev.patchbay.examples.pets.nudge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.examples.pets.collar.Session;
import dev.patchbay.examples.pets.collar.Species;
import dev.patchbay.examples.pets.nudge.FeedingInsight.Finding;
import dev.patchbay.examples.pets.nudge.NudgeRequest.BowlEvent;
import dev.patchbay.examples.pets.nudge.NudgeRequest.Feeding;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdviceTest {

    private static final BehaviorScore CALM = new BehaviorScore(0.1, "calm", List.of());
    private static final BehaviorScore RESTLESS = new BehaviorScore(0.8, "restless", List.of("barks_per_hour 30"));

    @Test
    void nothing_is_sent_about_a_calm_pet_that_eats_as_always() {
        assertThat(advice(CALM))
                .isEqualTo(new NudgeAnswer(
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        List.of("behavior_score: calm (0.10)", "feeding_insight: drift 0.20")));
    }

    @Test
    void a_restless_session_is_sent_with_its_reasons() {
        assertThat(advice(RESTLESS))
                .isEqualTo(new NudgeAnswer(
                        true,
                        Optional.of("A restless session"),
                        Optional.of(
                                "Your dog was restless in the session of 2026-03-13. If this goes on for another day, ask your vet."),
                        List.of(
                                "behavior_score: restless (0.80)",
                                "barks_per_hour 30",
                                "feeding_insight: drift 0.20")));
    }

    @Test
    void one_recent_finding_is_not_worth_a_word() {
        assertThat(advice(CALM, finding(14)).send()).isFalse();
    }

    @Test
    void two_recent_findings_are() {
        assertThat(advice(CALM, finding(12), finding(14)).text())
                .contains(
                        "At the bowl: 2026-03-12 left a meal; 2026-03-14 left a meal. If this goes on for another day, ask your vet.");
    }

    @Test
    void old_findings_do_not_count() {
        assertThat(advice(CALM, finding(10), finding(11)).send()).isFalse();
    }

    private static Finding finding(int day) {
        return new Finding("skipped_meal", LocalDate.of(2026, 3, day), "left a meal");
    }

    private static NudgeAnswer advice(BehaviorScore behavior, Finding... findings) {
        Session session = new Session(Instant.parse("2026-03-13T22:00:00Z"), 60, List.of());
        BowlEvent last = new BowlEvent(Instant.parse("2026-03-14T18:00:00Z"), BowlEvent.Kind.visit, 0);
        NudgeRequest request = new NudgeRequest("rex", Species.dog, 110, session, new Feeding(480, List.of(last)));
        FeedingInsight feeding = new FeedingInsight(0.2, List.of(findings));
        return new Advice(request, behavior, feeding, new NudgeSettings(2, 2)).answer();
    }
}
