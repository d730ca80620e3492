package giliran.report;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.report.Series.Look;
import giliran.report.Series.Point;
import giliran.report.Series.Thinning;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SeriesTest {
    private static Series of(Thinning thinning, int span, Point... points) {
        return Series.of(
                "x",
                Look.FIRST,
                List.of(points),
                point -> (int) point.second(),
                Point::value,
                thinning,
                -1,
                span);
    }

    @Test
    void keepsEverySecondWhereThereAreFew() {
        assertThat(Series.spanOf(240)).isEqualTo(1);
        assertThat(of(Thinning.MEAN, 1, new Point(-1, 3), new Point(0, 4)).points())
                .containsExactly(new Point(-0.5, 3), new Point(0.5, 4));
    }

    @Test
    void neverHasMorePointsThanCanBeToldApart() {
        for (int seconds : new int[] {0, 1, 239, 240, 241, 480, 481, 86_400}) {
            int span = Series.spanOf(seconds);
            assertThat((seconds + span - 1) / span).isLessThanOrEqualTo(Series.POINTS_MAX);
        }
    }

    @Test
    void thinsRatesToTheirMeanAndLatenciesToTheLongest() {
        Point[] points =
                IntStream.range(-1, 3).mapToObj(i -> new Point(i, 10 + i)).toArray(Point[]::new);

        assertThat(of(Thinning.MEAN, 2, points).points())
                .containsExactly(new Point(0, 9.5), new Point(2, 11.5));
        assertThat(of(Thinning.LARGEST, 2, points).points())
                .containsExactly(new Point(0, 10), new Point(2, 12));
    }

    @Test
    void leavesAGapWhereNothingWasMeasured() {
        assertThat(of(Thinning.MEAN, 1, new Point(0, Double.NaN), new Point(1, 2)).points())
                .containsExactly(new Point(1.5, 2));
    }

    @Test
    void peaksAtItsFirstGreatest() {
        assertThat(of(Thinning.MEAN, 1, new Point(0, 2), new Point(1, 2), new Point(2, 1)).peak())
                .isEqualTo(new Point(0.5, 2));
    }
}
