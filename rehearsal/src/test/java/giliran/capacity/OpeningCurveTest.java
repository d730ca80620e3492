package giliran.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpeningCurveTest {
    private static final double SECONDS = 5_400;

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.000_001, 1.5, 5, 50, 1_000})
    void beginsAtItsPeakAndSellsEverything(double peakFactor) {
        OpeningCurve curve = new OpeningCurve(SECONDS, peakFactor);

        assertThat(curve.timesAverage(0)).isCloseTo(peakFactor, within(1e-6 * peakFactor));
        assertThat(curve.left(0)).isCloseTo(1, within(1e-9));
        assertThat(curve.left(SECONDS)).isZero();
        assertThat(curve.timesAverage(SECONDS)).isZero();
        int steps = 100_000;
        double width = SECONDS / steps;
        assertThat(
                        IntStream.range(0, steps)
                                .mapToDouble(i -> curve.timesAverage((i + 0.5) * width) / steps)
                                .sum())
                .isCloseTo(1, within(1e-4));
        assertThat(
                        IntStream.range(0, steps)
                                .mapToDouble(i -> curve.left((i + 0.5) * width) * width)
                                .sum())
                .isCloseTo(curve.secondsLeft(), within(1e-3 * curve.secondsLeft()));
    }

    @Test
    void neverRisesAgain() {
        OpeningCurve curve = new OpeningCurve(SECONDS, 5);
        for (int second = 1; second < SECONDS; second++) {
            assertThat(curve.timesAverage(second)).isLessThan(curve.timesAverage(second - 1));
            assertThat(curve.left(second)).isLessThan(curve.left(second - 1));
        }
    }

    @Test
    void refusesAPeakBelowTheAverageAndAnOpeningThatTakesNoTime() {
        assertThatIllegalArgumentException().isThrownBy(() -> new OpeningCurve(SECONDS, 0.99));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpeningCurve(SECONDS, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new OpeningCurve(0, 5));
    }
}
