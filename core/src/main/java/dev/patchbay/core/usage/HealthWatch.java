package dev.patchbay.core.usage;

import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.telemetry.EventLog;
import dev.patchbay.core.telemetry.EventLog.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares every version with itself and tells in events when it is not well, and when it is again:
///
/// | kind | begins when | ends when |
/// |---|---|---|
/// | `latency-spike` | p95 of the last minute is three times that of the hour, and 5 ms more | it is below twice |
/// | `slower-than-baseline` | p95 inside the module in the hour is five times that of warm-up, and 5 ms more | it is
/// below three times |
/// | `error-rate` | more than 5 % of the last minute's calls failed | less than 1 % did |
///
/// Nothing is said of less than [#CALLS] calls. What is known of a version that is no longer loaded is
/// forgotten. Not safe for threads beside [#start].
public final class HealthWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);
    private static final long CALLS = 30;
    private static final double MARGIN_MICROS = 5_000;
    private static final int SECONDS = 10;

    private final Supplier<List<Watched>> versions;
    private final UsageBook book;
    private final EventLog events;
    private final Set<Trouble> troubles = new HashSet<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("patchbay-health").factory());

    /// A version to watch.
    ///
    /// @param baselineMicros p95 of its warm-up; 0 if it was not warmed up
    public record Watched(ModuleKey key, double baselineMicros) {}

    private record Trouble(ModuleKey key, String kind) {}

    /// Makes a watch that does nothing before [#start].
    ///
    /// @param versions lists those that can be called
    public HealthWatch(Supplier<List<Watched>> versions, UsageBook book, EventLog events) {
        this.versions = versions;
        this.book = book;
        this.events = events;
    }

    /// Looks every ten seconds from now on.
    public void start() {
        timer.scheduleAtFixedRate(
                () -> {
                    try {
                        look();
                    } catch (RuntimeException e) {
                        log.error("the health of versions could not be looked at", e);
                    }
                },
                SECONDS,
                SECONDS,
                TimeUnit.SECONDS);
    }

    /// Looks at every version once.
    void look() {
        List<Watched> now = versions.get();
        Set<ModuleKey> there = new HashSet<>();
        for (Watched version : now) {
            there.add(version.key());
            book.report(version.key()).ifPresent(report -> look(version, report));
        }
        book.retain(there);
        troubles.removeIf(trouble -> !there.contains(trouble.key()));
    }

    private void look(Watched version, UsageReport report) {
        Quantiles minute = report.minute().total();
        Quantiles hour = report.hour().total();
        if (minute.count() >= CALLS) {
            judge(
                    version.key(),
                    "latency-spike",
                    Level.WARN,
                    minute.p95() > 3 * hour.p95() && minute.p95() - hour.p95() > MARGIN_MICROS,
                    minute.p95() < 2 * hour.p95(),
                    "p95 is %s in the last minute, %s in the hour".formatted(millis(minute.p95()), millis(hour.p95())));
            double failed = (double) report.minute().failed() / report.minute().calls();
            judge(
                    version.key(),
                    "error-rate",
                    Level.ALARM,
                    failed > 0.05,
                    failed < 0.01,
                    "%d of %d calls failed in the last minute"
                            .formatted(report.minute().failed(), report.minute().calls()));
        }
        double baseline = version.baselineMicros();
        if (hour.count() >= CALLS && baseline > 0) {
            // waiting for a thread says how much there is to do, not how the version does it; warm-up does not wait
            double inside = insideModule(report.hour());
            judge(
                    version.key(),
                    "slower-than-baseline",
                    Level.WARN,
                    inside > 5 * baseline && inside - baseline > MARGIN_MICROS,
                    inside < 3 * baseline,
                    "p95 inside the module is %s in the hour, %s in its warm-up"
                            .formatted(millis(inside), millis(baseline)));
        }
    }

    /// The p95 of all that the module does; at most as much is that of its parts together.
    private static double insideModule(UsageReport.Window window) {
        return Stream.of(Stage.PREPROCESS, Stage.MODEL, Stage.POSTPROCESS)
                .map(window.stages()::get)
                .filter(Objects::nonNull)
                .mapToDouble(Quantiles::p95)
                .sum();
    }

    private void judge(ModuleKey key, String kind, Level level, boolean begins, boolean ends, String words) {
        Trouble trouble = new Trouble(key, kind);
        if (begins && troubles.add(trouble)) {
            events.add(level, kind, key.task(), key.version(), key.version() + ": " + words);
        } else if (ends && troubles.remove(trouble)) {
            events.add(
                    Level.INFO, kind + "-over", key.task(), key.version(), key.version() + " is well again: " + words);
        }
    }

    private static String millis(double micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1_000);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
