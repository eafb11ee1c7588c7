package dev.patchbay.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Each formula against numbers published or computed elsewhere.
class StatisticsTest {

    @Test
    void wilsonIsAsPublished() {
        // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I: 81/263, 15/148, 0/20
        assertInterval(Wilson.share(81, 263), 0.2553, 0.3662);
        assertInterval(Wilson.share(15, 148), 0.0624, 0.1605);
        assertInterval(Wilson.share(0, 20), 0, 0.1611);
        assertInterval(Wilson.share(0, 0), 0, 1);
    }

    @Test
    void newcombesDifferenceIsAsPublished() {
        // Newcombe (1998), "Interval estimation for the difference", table II, method 10: 56/70 - 48/80, 9/10 - 3/10
        assertInterval(Wilson.difference(56, 70, 48, 80, Wilson.Z95), 0.0524, 0.3339);
        assertInterval(Wilson.difference(9, 10, 3, 10, Wilson.Z95), 0.1705, 0.8090);
    }

    @Test
    void theSampleRatioIsTheBetaBinomialOne() {
        // by hand: B(50 + 1, 50) / B(50, 50) = 50 / 100, over 1/2: one unit is no evidence
        assertThat(SampleRatio.pValue(1, 0, 0.5)).isEqualTo(1.0, within(1e-9));
        // B(50 + 2, 50) / B(50, 50) = (50 * 51) / (100 * 101), over 1/4
        assertThat(SampleRatio.pValue(2, 0, 0.5)).isEqualTo(101.0 / 102, within(1e-9));
        // B(1 + 1, 99 + 2) / B(1, 99) = (1 * 99 * 100) / (100 * 101 * 102), over 0.01 * 0.99²
        assertThat(SampleRatio.pValue(1, 2, 0.01)).isEqualTo(1.0, within(1e-9));
        assertThat(SampleRatio.pValue(3, 0, 0.01))
                .isEqualTo(0.000001 * (100 * 101 * 102) / (1.0 * 2 * 3), within(1e-9));
        assertThat(SampleRatio.pValue(1_000, 9_000, 0.1)).isEqualTo(1.0);
        assertThat(SampleRatio.pValue(1_500, 8_500, 0.1)).isLessThan(SampleRatio.ALARM);
        assertThat(SampleRatio.pValue(7, 0, 1)).isEqualTo(1);
    }

    @Test
    void theSampleRatioMayBeLookedAtWithEveryUnit() {
        SplittableRandom random = new SplittableRandom(7);
        int alarms = 0;
        int found = 0;
        for (int run = 0; run < 2_000; run++) {
            alarms += isEverOdd(random, 0.01, 0.01, 5_000) ? 1 : 0;
            found += run < 200 && isEverOdd(random, 0.16, 0.1, 3_000) ? 1 : 0;
        }
        // 2 are to be expected at most; Pearson's test, looked at as often, gives more than 200
        assertThat(alarms).isLessThanOrEqualTo(6);
        assertThat(found).isEqualTo(200);
    }

    private static boolean isEverOdd(SplittableRandom random, double real, double configured, int units) {
        long first = 0;
        for (int unit = 1; unit <= units; unit++) {
            first += random.nextDouble() < real ? 1 : 0;
            if (SampleRatio.pValue(first, unit - first, configured) < SampleRatio.ALARM) {
                return true;
            }
        }
        return false;
    }

    @Test
    void momentsAreThoseOfTheSeriesHoweverItIsCut() {
        SplittableRandom random = new SplittableRandom(1);
        Moments whole = Moments.NONE;
        Moments first = Moments.NONE;
        Moments second = Moments.NONE;
        double sum = 0;
        double[] values = new double[1_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1e6 + random.nextDouble();
            sum += values[i];
            whole = whole.plus(values[i]);
            first = i < 137 ? first.plus(values[i]) : first;
            second = i < 137 ? second : second.plus(values[i]);
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        assertThat(whole.mean()).isCloseTo(mean, within(1e-6));
        assertThat(whole.variance()).isCloseTo(squares / 999, within(1e-6));
        Moments joined = first.plus(second);
        assertThat(joined.count()).isEqualTo(1_000);
        assertThat(joined.mean()).isCloseTo(mean, within(1e-6));
        assertThat(joined.variance()).isCloseTo(squares / 999, within(1e-6));
        assertThat(Moments.NONE.plus(first)).isEqualTo(first);
    }

    @Test
    void errorsSharedAsCallsAreNoEvidence() {
        ErrorShareTest test = new ErrorShareTest();
        assertThat(test.evidence()).isEqualTo(1, within(1e-12));
        test.add(10, 0, 90, 0);
        test.add(10, 10, 0, 0);
        assertThat(test.evidence()).isEqualTo(1, within(1e-12));
        for (int i = 0; i < 100; i++) {
            test.add(100, 1, 900, 9);
        }
        assertThat(test.evidence()).isLessThan(1);
    }

    @Test
    void oneErrorOfATenthIsWorthWhatTheBetPays() {
        ErrorShareTest test = new ErrorShareTest();
        test.add(10, 1, 90, 0);
        double expected = 0;
        double[] ratios = {1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128};
        for (double r : ratios) {
            expected += r / (0.1 * r + 0.9) / ratios.length;
        }
        assertThat(test.evidence()).isCloseTo(expected, within(1e-9));
        assertThat(test.rejects(0.05)).isFalse();
        test.add(10, 1, 90, 0);
        test.add(10, 1, 90, 0);
        assertThat(test.rejects(0.05)).isTrue();
    }

    @Test
    void theExpectationOfEvidenceIsNeverAboveOne() {
        // also with many errors in a period, where draws without replacement differ most from draws with it
        SplittableRandom random = new SplittableRandom(2);
        double sum = 0;
        int runs = 20_000;
        for (int run = 0; run < runs; run++) {
            ErrorShareTest test = new ErrorShareTest();
            for (int period = 0; period < 3; period++) {
                test.add(5, errors(random, 5, 0.4), 15, errors(random, 15, 0.4));
            }
            sum += test.evidence();
        }
        assertThat(sum / runs).isLessThan(1.02);
    }

    @Test
    void theIntervalOfMeansHoldsAtEveryLook() {
        SplittableRandom random = new SplittableRandom(3);
        int missed = 0;
        int runs = 300;
        for (int run = 0; run < runs; run++) {
            Moments a = Moments.NONE;
            Moments b = Moments.NONE;
            boolean out = false;
            for (int i = 0; i < 4_000; i++) {
                b = b.plus(Math.exp(random.nextGaussian()));
                if (i % 5 == 0) {
                    a = a.plus(Math.exp(random.nextGaussian()));
                    out |= !MeanDifference.interval(a, b, 0.05).contains(0);
                }
            }
            missed += out ? 1 : 0;
        }
        assertThat(missed).isLessThanOrEqualTo(runs / 20);
    }

    @Test
    void theIntervalOfMeansFindsADifference() {
        SplittableRandom random = new SplittableRandom(4);
        Moments a = Moments.NONE;
        Moments b = Moments.NONE;
        for (int i = 0; i < 3_000; i++) {
            a = a.plus(0.3 + random.nextGaussian());
            b = b.plus(random.nextGaussian());
        }
        Interval interval = MeanDifference.interval(a, b, 0.05);
        assertThat(interval.low()).isPositive();
        assertThat(interval.contains(0.3)).isTrue();
        assertThat(MeanDifference.interval(Moments.NONE.plus(1), b, 0.05)).isEqualTo(Interval.UNKNOWN);
    }

    @Test
    void theBreakerLooksAtTheLatestCallsOnly() {
        CrashBreaker breaker = new CrashBreaker();
        for (int i = 0; i < 1_000; i++) {
            breaker.add(10, 0, 90, 0);
        }
        breaker.add(10, 10, 90, 0);
        assertThat(breaker.tripped()).isFalse();
        breaker.add(10, 1, 90, 0);
        assertThat(breaker.tripped()).isTrue();
        breaker.add(10, 0, 90, 0);
        assertThat(breaker.tripped()).isFalse();
    }

    @Test
    void theBreakerDoesNotBlameTheCanaryForACommonCause() {
        CrashBreaker breaker = new CrashBreaker();
        breaker.add(30, 30, 270, 260);
        assertThat(breaker.tripped()).isFalse();
        CrashBreaker alone = new CrashBreaker();
        alone.add(19, 19, 0, 0);
        assertThat(alone.tripped()).isFalse();
        alone.add(1, 1, 0, 0);
        assertThat(alone.tripped()).isTrue();
    }

    @Test
    void verdictsAreAsBadAsTheWorst() {
        assertThat(Verdict.PASS.and(Verdict.INCONCLUSIVE)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Verdict.HOLD.and(Verdict.INCONCLUSIVE)).isEqualTo(Verdict.HOLD);
        assertThat(Verdict.HOLD.and(Verdict.FAIL)).isEqualTo(Verdict.FAIL);
    }

    private static int errors(SplittableRandom random, int calls, double rate) {
        int errors = 0;
        for (int i = 0; i < calls; i++) {
            errors += random.nextDouble() < rate ? 1 : 0;
        }
        return errors;
    }

    private static void assertInterval(Interval interval, double low, double high) {
        assertThat(interval.low()).isCloseTo(low, within(0.0001));
        assertThat(interval.high()).isCloseTo(high, within(0.0001));
    }
}
