package dev.patchbay.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A bounded sample that keeps the split of all units.
class UnitSampleTest {

    @Test
    void theSampleIsSplitAsTheUnitsAre() {
        UnitSample sample = new UnitSample();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 1_000_000; i++) {
            int unit = random.nextInt();
            sample.add(unit, Integer.toUnsignedLong(unit) < (1L << 32) / 10);
        }
        assertThat(sample.canary() + sample.control()).isBetween(3_500L, 8_192L);
        assertThat((double) sample.canary() / (sample.canary() + sample.control()))
                .isBetween(0.085, 0.115);
    }

    @Test
    void aUnitCountsOnceHoweverOftenItComes() {
        UnitSample sample = new UnitSample();
        for (int i = 0; i < 1_000; i++) {
            sample.add(i % 10, true);
        }
        assertThat(sample.canary()).isEqualTo(10);
        sample.clear();
        assertThat(sample.canary()).isZero();
    }
}
