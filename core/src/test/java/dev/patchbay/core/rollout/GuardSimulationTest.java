package dev.patchbay.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.config.GuardConfig;
import dev.patchbay.core.rollout.Guard.Side;
import dev.patchbay.core.statistics.Moments;
import dev.patchbay.core.statistics.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The guard that ships, in simulated days: a canary of 10 % beside a control with 0.5 % errors, judged in every
/// period for 8 hours. A quick one runs with all tests; the long one, with 1,000 runs of one-second periods for each
/// rate, runs with `-Dpatchbay.simulation=1000`.
class GuardSimulationTest {

    private static final int RUNS = Integer.getInteger("patchbay.simulation", 0);
    private static final int HOURS = 8;
    private static final double BASE = 0.005;
    private static final GuardConfig GUARD = new GuardConfig(GuardConfig.Mode.ROLLBACK, 0.05, 0.01, 1.3, List.of());

    /// @param errorRate the canary's
    /// @param slowness the canary's typical time in the module, as a ratio
    private record World(int perMinute, double errorRate, double slowness, int periodSeconds) {

        World(int perMinute, double errorRate, double slowness) {
            this(perMinute, errorRate, slowness, RUNS > 0 ? 1 : 20);
        }
    }

    /// @param seconds until the guard failed it; -1 if it never did
    /// @param errors of the canary until then
    private record Run(long seconds, long errors, Verdict last) {}

    @Test
    void aHealthyCanaryIsLeftAlone() {
        int runs = RUNS > 0 ? RUNS : 100;
        for (int perMinute : new int[] {60, 600, 6_000}) {
            int rolledBack = 0;
            int passed = 0;
            for (int run = 0; run < runs; run++) {
                Run result = run(new World(perMinute, BASE, 1), run);
                rolledBack += result.seconds >= 0 ? 1 : 0;
                passed += result.last == Verdict.PASS ? 1 : 0;
            }
            report("A/A at %d rpm: %.1f %% of %d runs rolled back, %.0f %% passed at the end"
                    .formatted(perMinute, 100.0 * rolledBack / runs, runs, 100.0 * passed / runs));
            assertThat(rolledBack).as("at %d rpm", perMinute).isLessThanOrEqualTo(runs / 20);
            assertThat(passed).as("at %d rpm", perMinute).isGreaterThan(perMinute == 60 ? runs / 2 : runs * 9 / 10);
        }
    }

    @Test
    void aCanaryWithTenPercentErrorsIsRolledBackAfterTenOfThem() {
        int runs = RUNS > 0 ? RUNS : 200;
        long[] errors = new long[runs];
        for (int run = 0; run < runs; run++) {
            Run result = run(new World(600, 0.10, 1, 1), run);
            assertThat(result.seconds).isNotNegative();
            errors[run] = result.errors;
        }
        java.util.Arrays.sort(errors);
        report("10 %% errors at 600 rpm: rolled back after %d errors in the median, %d in 95 of 100 runs"
                .formatted(errors[runs / 2], errors[runs * 95 / 100]));
        assertThat(errors[runs / 2]).isLessThanOrEqualTo(10);
        assertThat(errors[runs * 95 / 100]).isLessThanOrEqualTo(12);
    }

    @Test
    void aCrashingCanaryIsGoneInSeconds() {
        for (int run = 0; run < 100; run++) {
            assertThat(run(new World(600, 1, 1, 1), run).seconds).isBetween(0L, 20L);
            assertThat(run(new World(6_000, 1, 1, 1), run).seconds).isBetween(0L, 3L);
        }
    }

    @Test
    void aCanaryTwiceAsSlowFailsAndOneALittleSlowerPasses() {
        int failed = 0;
        int unjust = 0;
        for (int run = 0; run < 50; run++) {
            failed += run(new World(600, BASE, 2), run).seconds >= 0 ? 1 : 0;
            unjust += run(new World(600, BASE, 1.15), run).seconds >= 0 ? 1 : 0;
        }
        assertThat(failed).isEqualTo(50);
        assertThat(unjust).isLessThanOrEqualTo(3);
    }

    private static Run run(World world, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + world.perMinute);
        Guard guard = new Guard(GUARD);
        double perPeriod = world.perMinute * world.periodSeconds / 60.0;
        Verdict last = Verdict.INCONCLUSIVE;
        for (long second = 0; second < HOURS * 3_600; second += world.periodSeconds) {
            guard.add(
                    side(random, perPeriod * 0.1, world.errorRate, world.slowness),
                    side(random, perPeriod * 0.9, BASE, 1));
            last = guard.judge().verdict();
            if (last == Verdict.FAIL) {
                return new Run(second, guard.canary().errors(), last);
            }
        }
        return new Run(-1, guard.canary().errors(), last);
    }

    private static Side side(SplittableRandom random, double expected, double errorRate, double slowness) {
        long calls = poisson(random, expected);
        long errors = 0;
        for (long at = gap(random, errorRate); at < calls; at += 1 + gap(random, errorRate)) {
            errors++;
        }
        return new Side(calls, errors, calls, errors, 0, latencies(random, calls - errors, slowness));
    }

    /// Moments of normal logarithms, drawn at once: their mean is normal, their squares are chi² distributed.
    private static Moments latencies(SplittableRandom random, long count, double slowness) {
        if (count == 0) {
            return Moments.NONE;
        }
        double spread = 0.8;
        double mean = Math.log(slowness) + spread / Math.sqrt(count) * random.nextGaussian();
        double squares = 0;
        if (count <= 30) {
            for (int i = 1; i < count; i++) {
                double z = random.nextGaussian();
                squares += z * z;
            }
        } else {
            squares = Math.max(0, count - 1 + Math.sqrt(2.0 * (count - 1)) * random.nextGaussian());
        }
        return new Moments(count, mean, squares * spread * spread);
    }

    private static long gap(SplittableRandom random, double rate) {
        return rate >= 1 ? 0 : (long) (Math.log(1 - random.nextDouble()) / Math.log1p(-rate));
    }

    private static long poisson(SplittableRandom random, double expected) {
        if (expected > 50) {
            return Math.max(0, Math.round(expected + Math.sqrt(expected) * random.nextGaussian()));
        }
        double limit = Math.exp(-expected);
        long count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    private static void report(String line) {
        if (RUNS > 0) {
            org.slf4j.LoggerFactory.getLogger(GuardSimulationTest.class).info(String.format(Locale.ROOT, "%s", line));
        }
    }
}
