package dev.patchbay.examples.pets.collar;

import dev.patchbay.examples.pets.collar.CollarEvent.Kind;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be measured in a session. The formulas are those that the models were trained with, see
/// `training/README.md`.
public final class SessionMeasures {

    private static final int WINDOW = 600;
    private static final int SHORT_REST = 180;
    private static final int LEAST_SESSION = 600;
    private static final int KINDS = Kind.values().length;
    private static final int[][] NIGHTS = {{0, 6}, {22, 30}, {46, 48}};

    private final int total;
    private final double hours;
    private final double nightShare;
    private final int[] counts = new int[KINDS];
    private final long[] seconds = new long[KINDS];
    private final int[] switchesIn;
    private final int[] alarmsIn;
    private final double intensitySpread;
    private double effort;
    private int longestRest;
    private int shortRests;
    private int switches;
    private @Nullable Kind posture;

    /// Measures a session.
    public SessionMeasures(Session session) {
        total = session.minutes() * 60;
        // the rates of a short session would explode
        hours = Math.max(total, LEAST_SESSION) / 3600.0;
        nightShare = (double) nightSeconds(session, total) / total;
        int windows = (total + WINDOW - 1) / WINDOW;
        switchesIn = new int[windows];
        alarmsIn = new int[windows];
        List<CollarEvent> events = session.events().stream()
                .filter(event -> event.offset() < total)
                .sorted(Comparator.comparingInt(CollarEvent::offset))
                .toList();
        events.forEach(this::count);
        intensitySpread = spread(events);
    }

    private void count(CollarEvent event) {
        Kind kind = event.kind();
        int lasts = Math.min(event.duration(), total - event.offset());
        counts[kind.ordinal()]++;
        if (kind.isAlarm()) {
            alarmsIn[event.offset() / WINDOW]++;
        }
        if (!kind.isPosture()) {
            return;
        }
        seconds[kind.ordinal()] += lasts;
        if (kind == Kind.rest) {
            longestRest = Math.max(longestRest, lasts);
            shortRests += lasts < SHORT_REST ? 1 : 0;
        } else {
            effort += event.intensity() * lasts;
        }
        if (posture != null && posture != kind) {
            switches++;
            switchesIn[event.offset() / WINDOW]++;
        }
        posture = kind;
    }

    private static double spread(List<CollarEvent> events) {
        double[] moving = events.stream()
                .filter(event -> event.kind().isMoving())
                .mapToDouble(CollarEvent::intensity)
                .toArray();
        if (moving.length == 0) {
            return 0;
        }
        double mean = Arrays.stream(moving).sum() / moving.length;
        double squares = Arrays.stream(moving).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / moving.length);
    }

    private static int nightSeconds(Session session, int total) {
        int begin = LocalTime.ofInstant(session.startedAt(), ZoneOffset.UTC).toSecondOfDay();
        int shared = 0;
        for (int[] night : NIGHTS) {
            shared += Math.max(0, Math.min(begin + total, night[1] * 3600) - Math.max(begin, night[0] * 3600));
        }
        return shared;
    }

    /// Counts the events of a kind.
    public int count(Kind kind) {
        return counts[kind.ordinal()];
    }

    public double movingShare() {
        return share(moving());
    }

    public double restShare() {
        return share(seconds[Kind.rest.ordinal()]);
    }

    public double playShare() {
        return share(seconds[Kind.run.ordinal()] + seconds[Kind.play.ordinal()]);
    }

    public double longestRestShare() {
        return (double) longestRest / total;
    }

    /// The share of the session between 22:00 and 06:00 UTC.
    public double nightShare() {
        return nightShare;
    }

    /// The intensity of an average second of moving.
    public double meanIntensity() {
        return moving() == 0 ? 0 : effort / moving();
    }

    /// The standard deviation of the intensity of the moving events, each counted once.
    public double intensitySpread() {
        return intensitySpread;
    }

    public double shortRestsPerHour() {
        return shortRests / hours;
    }

    public double barksPerHour() {
        return count(Kind.bark) / hours;
    }

    public double scratchesPerHour() {
        return count(Kind.scratch) / hours;
    }

    public double drinksPerHour() {
        return count(Kind.drink) / hours;
    }

    /// How often the pet went from one posture to another.
    public double switchesPerHour() {
        return switches / hours;
    }

    /// The most switches in ten minutes.
    public int worstWindowSwitches() {
        return Arrays.stream(switchesIn).max().orElse(0);
    }

    /// The most barks and scratches in ten minutes.
    public int worstWindowAlarms() {
        return Arrays.stream(alarmsIn).max().orElse(0);
    }

    private long moving() {
        return seconds[Kind.walk.ordinal()] + seconds[Kind.run.ordinal()] + seconds[Kind.play.ordinal()];
    }

    private double share(long of) {
        return Math.min(1, (double) of / total);
    }
}
