package dev.patchbay.core.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an experiment is to go on, as the config says it. Shares are in thousandths of a percent.
///
/// @param declared the share under `rollout`; null if none is given
/// @param steps the shares under `steps`, rising; empty if people decide about the share
/// @param bake how long each step lasts at least
/// @param guard what it is watched for
public record ExperimentPlan(@Nullable Long declared, List<Long> steps, Duration bake, GuardConfig guard) {

    private static final Duration BAKE = Duration.ofMinutes(30);

    /// The share it begins with; null if it gives its version to all that match.
    @Nullable
    Long first() {
        return steps.isEmpty() ? declared : steps.getFirst();
    }

    /// The largest share it is ever to have, which no other experiment of its layer can have.
    long reserved(long whole) {
        Long most = steps.isEmpty() ? declared : steps.getLast();
        return most == null ? whole : most;
    }

    /// Reads the keys of an experiment that are about its course.
    static ExperimentPlan read(Section entry, @Nullable Long declared) {
        List<Long> steps = steps(entry);
        if (declared != null && !steps.isEmpty()) {
            entry.problem("rollout", "stands beside steps; an experiment has one or the other");
        }
        Duration bake = entry.duration("bake", BAKE);
        return new ExperimentPlan(declared, steps, bake, guard(entry));
    }

    private static List<Long> steps(Section entry) {
        List<Long> steps = new ArrayList<>();
        for (String text : entry.texts("steps")) {
            Long step = percent(text);
            if (step == null || (!steps.isEmpty() && step <= steps.getLast())) {
                entry.problem(
                        "steps",
                        "must be rising percentages above 0 and up to 100, such as [1, 5, 25, 50, 100], but holds '%s'"
                                .formatted(text));
                return List.of();
            }
            steps.add(step);
        }
        return List.copyOf(steps);
    }

    private static @Nullable Long percent(String text) {
        try {
            BigDecimal percent = new BigDecimal(text);
            boolean fits = percent.signum() > 0
                    && percent.compareTo(BigDecimal.valueOf(100)) <= 0
                    && percent.stripTrailingZeros().scale() <= 3;
            return fits ? percent.movePointRight(3).longValueExact() : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static GuardConfig guard(Section entry) {
        GuardConfig otherwise = GuardConfig.DEFAULT;
        Section guard = entry.section("guard");
        String mode = guard.text("mode");
        GuardConfig.Mode chosen = otherwise.mode();
        if (mode != null) {
            switch (mode) {
                case "rollback" -> chosen = GuardConfig.Mode.ROLLBACK;
                case "observe" -> chosen = GuardConfig.Mode.OBSERVE;
                case "off" -> chosen = GuardConfig.Mode.OFF;
                default -> guard.problem("mode", "is rollback, observe or off, but is '" + mode + "'");
            }
        }
        Long tolerance = guard.percent("tolerance");
        int slower = guard.integer("latency", 1, 10_000, 0);
        GuardConfig config = new GuardConfig(
                chosen,
                otherwise.alpha(),
                tolerance == null ? otherwise.errorTolerance() : tolerance / 100_000.0,
                slower == 0 ? null : 1 + slower / 100.0,
                guard.texts("outcomes"));
        guard.finish();
        return config;
    }
}
