package dev.patchbay.examples.pets.summary;

import dev.patchbay.examples.pets.collar.CollarEvent.Kind;
import dev.patchbay.examples.pets.collar.Session;
import dev.patchbay.examples.pets.collar.SessionMeasures;
import java.util.Locale;

/// Says in a sentence what a collar recorded.
final class CollarReport {

    private CollarReport() {}

    static String of(Session session, SessionMeasures measures) {
        if (session.events().isEmpty()) {
            return "The collar recorded nothing in %s.".formatted(minutes(session.minutes()));
        }
        return String.format(
                Locale.ROOT,
                "The collar recorded %s: %.0f %% moving, %.0f %% resting; %s, %s, %s.",
                minutes(session.minutes()),
                measures.movingShare() * 100,
                measures.restShare() * 100,
                times("voice", measures.count(Kind.bark)),
                times("scratching", measures.count(Kind.scratch)),
                times("drinking", measures.count(Kind.drink)));
    }

    private static String minutes(int minutes) {
        return minutes == 1 ? "1 minute" : minutes + " minutes";
    }

    private static String times(String what, int count) {
        return switch (count) {
            case 0 -> "no " + what;
            case 1 -> what + " once";
            case 2 -> what + " twice";
            default -> what + " " + count + " times";
        };
    }
}
