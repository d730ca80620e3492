package giliran.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * A line of a chart.
 *
 * @param points in order of time; a NaN is a gap
 * @param span seconds that lie in each point; a longer pause between two is a gap
 */
record Series(String name, Look look, List<Point> points, double span) {
    /** How it is drawn. */
    enum Look {
        FIRST,
        SECOND,
        THIRD,
        /** What really happened, beside what was rehearsed. */
        REAL;

        String css() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A value at a time.
     *
     * @param second since the opening
     */
    record Point(double second, double value) {}

    /** What becomes of the seconds that share a point. */
    enum Thinning {
        MEAN,
        LARGEST;

        private double together(double a, double b) {
            return this == MEAN ? a + b : Math.max(a, b);
        }
    }

    /** The most points of a line; more could not be told apart, and would only make it heavy. */
    static final int POINTS_MAX = 240;

    /**
     * Draws one value a second, several seconds a point where there are too many.
     *
     * @param span seconds a point, as {@link #spanOf} says
     * @param from the second at which the first point begins
     */
    static <T> Series of(
            String name,
            Look look,
            Collection<T> each,
            ToIntFunction<T> second,
            ToDoubleFunction<T> value,
            Thinning thinning,
            int from,
            int span) {
        Map<Integer, double[]> buckets = new TreeMap<>();
        for (T one : each) {
            double number = value.applyAsDouble(one);
            if (!Double.isNaN(number)) {
                buckets.merge(
                        Math.floorDiv(second.applyAsInt(one) - from, span),
                        new double[] {number, 1},
                        (a, b) -> new double[] {thinning.together(a[0], b[0]), a[1] + b[1]});
            }
        }
        List<Point> points = new ArrayList<>();
        buckets.forEach(
                (bucket, sum) ->
                        points.add(
                                new Point(
                                        from + (bucket + 0.5) * span,
                                        thinning == Thinning.MEAN ? sum[0] / sum[1] : sum[0])));
        return new Series(name, look, points, span);
    }

    /** So many seconds a point, that a line has no more than {@link #POINTS_MAX}. */
    static int spanOf(int seconds) {
        return Math.max(1, (seconds + POINTS_MAX - 1) / POINTS_MAX);
    }

    /** The greatest of its values; NaN if there is none. */
    double greatest() {
        return points.stream().mapToDouble(Point::value).max().orElse(Double.NaN);
    }

    double least() {
        return points.stream().mapToDouble(Point::value).min().orElse(Double.NaN);
    }

    /** Where the greatest is; the first such point. */
    Point peak() {
        return points.stream()
                .reduce((a, b) -> b.value() > a.value() ? b : a)
                .orElseThrow(() -> new IllegalStateException("a line without a point has no peak"));
    }

    boolean isEmpty() {
        return points.isEmpty();
    }
}
