package dev.patchbay.examples.pets.nudge;

import dev.patchbay.examples.pets.nudge.FeedingInsight.Finding;
import dev.patchbay.examples.pets.nudge.NudgeRequest.BowlEvent;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Puts two answers about a pet together.
final class Advice {

    private final NudgeRequest request;
    private final BehaviorScore behavior;
    private final double drift;
    private final List<Finding> recent;
    private final boolean eatsOddly;

    Advice(NudgeRequest request, BehaviorScore behavior, FeedingInsight feeding, NudgeSettings settings) {
        this.request = request;
        this.behavior = behavior;
        this.drift = feeding.drift();
        this.recent = recent(request, feeding.findings(), settings.recentDays());
        this.eatsOddly = recent.size() >= settings.leastFindings();
    }

    private static List<Finding> recent(NudgeRequest request, List<Finding> findings, int days) {
        LocalDate since = request.feeding().events().stream()
                .map(BowlEvent::at)
                .max(Comparator.naturalOrder())
                .map(last -> LocalDate.ofInstant(last, ZoneOffset.UTC).minusDays(days))
                .orElse(LocalDate.MAX);
        return findings.stream()
                .filter(finding -> !finding.day().isBefore(since))
                .toList();
    }

    NudgeAnswer answer() {
        boolean send = behavior.isRestless() || eatsOddly;
        return new NudgeAnswer(
                send,
                send ? Optional.of(title()) : Optional.empty(),
                send ? Optional.of(text()) : Optional.empty(),
                because());
    }

    private String title() {
        if (behavior.isRestless() && eatsOddly) {
            return "Restless, and eating differently";
        }
        return behavior.isRestless() ? "A restless session" : "Eating differently";
    }

    private String text() {
        List<String> sentences = new ArrayList<>();
        if (behavior.isRestless()) {
            sentences.add("Your %s was restless in the session of %s."
                    .formatted(
                            request.species(),
                            LocalDate.ofInstant(request.session().startedAt(), ZoneOffset.UTC)));
        }
        if (eatsOddly) {
            sentences.add("At the bowl: "
                    + recent.stream()
                            .map(finding -> finding.day() + " " + finding.text())
                            .collect(Collectors.joining("; "))
                    + ".");
        }
        sentences.add("If this goes on for another day, ask your vet.");
        return String.join(" ", sentences);
    }

    private List<String> because() {
        List<String> because = new ArrayList<>();
        because.add(String.format(Locale.ROOT, "behavior_score: %s (%.2f)", behavior.label(), behavior.score()));
        because.addAll(behavior.reasons());
        because.add(String.format(Locale.ROOT, "feeding_insight: drift %.2f", drift));
        recent.forEach(finding -> because.add(finding.day() + " " + finding.kind()));
        return because;
    }
}
