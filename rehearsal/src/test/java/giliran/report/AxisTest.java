package giliran.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import giliran.capacity.Quantity;
import giliran.report.Axis.Tick;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AxisTest {
    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(Tick::label).toList();
    }

    @Test
    void countsFromZeroInRoundStepsPastTheGreatest() {
        assertThat(labels(Axis.fromZero(6_214, Quantity::plain)))
                .containsExactly("0", "2,000", "4,000", "6,000", "8,000");
        assertThat(labels(Axis.fromZero(5, Quantity::plain)))
                .containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(labels(Axis.fromZero(0.3, Quantity::plain)))
                .containsExactly("0", "0.1", "0.2", "0.3");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -3, Double.NaN, Double.NEGATIVE_INFINITY})
    void hasTicksAlsoWithoutAnythingToShow(double greatest) {
        assertThat(Axis.fromZero(greatest, Quantity::plain).ticks()).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource({"0,1,2", "0,90,6", "-5,470,6", "0,9000,6", "0,200000,7", "3,3,2"})
    void hasAFewRoundTimes(double from, double to, int atLeastMinusOne) {
        Axis axis = Axis.time(from, to);

        assertThat(axis.ticks()).hasSizeBetween(2, 9);
        assertThat(axis.ticks())
                .allSatisfy(tick -> assertThat(axis.at(tick.value())).isBetween(0.0, 1.0));
    }

    @Test
    void showsMillisecondsByPowersOfTen() {
        Axis axis = Axis.millis(3, 2_400);

        assertThat(labels(axis)).containsExactly("1 ms", "10 ms", "100 ms", "1 s", "10 s");
        assertThat(axis.at(100)).isCloseTo(0.5, within(1e-9));
        assertThat(axis.at(0)).isZero();
        assertThat(axis.at(1e9)).isEqualTo(1);
    }

    @Test
    void showsMillisecondsAlsoWithoutAnyOrAllAlike() {
        assertThat(Axis.millis(Double.NaN, Double.NaN).ticks()).hasSizeGreaterThan(1);
        assertThat(labels(Axis.millis(1, 1))).containsExactly("1 ms", "10 ms");
    }

    @ParameterizedTest
    @CsvSource({"0,0 s", "-5,−5 s", "59.6,1:00", "90,1:30", "-61,−1:01", "3725,1 h 02"})
    void saysSecondsAsPeopleDo(double seconds, String words) {
        assertThat(Axis.clock(seconds)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0.123,0.123 ms", "250,250 ms", "1500,1.5 s", "NaN,–"})
    void saysMillisecondsAsPeopleDo(double millis, String words) {
        assertThat(Axis.duration(millis)).isEqualTo(words);
    }
}
