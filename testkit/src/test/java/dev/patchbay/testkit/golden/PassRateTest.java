package dev.patchbay.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PassRateTest {

    /// Values of R 4.3: `prop.test(x, n, correct = FALSE)$conf.int`.
    @ParameterizedTest
    @CsvSource({
        "0, 10, 0, 0.2775328",
        "1, 10, 0.01787621, 0.4041500",
        "18, 20, 0.6989664, 0.9721335",
        "20, 20, 0.8388748, 1",
        "95, 100, 0.8882495, 0.9784563",
    })
    void theIntervalIsWilsons(int passed, int runs, double low, double high) {
        PassRate rate = new PassRate(passed, runs);

        assertThat(rate.low()).isCloseTo(low, within(1e-6));
        assertThat(rate.high()).isCloseTo(high, within(1e-6));
    }

    @Test
    void soManyRunsProveAShareIfAllPass() {
        int runs = PassRate.runsToProve(0.9);

        assertThat(new PassRate(runs, runs).low()).isGreaterThanOrEqualTo(0.9);
        assertThat(new PassRate(runs - 1, runs - 1).low()).isLessThan(0.9);
    }
}
