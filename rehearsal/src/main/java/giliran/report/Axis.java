package giliran.report;

import giliran.capacity.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * One side of a chart: what lies where between its ends, and the few round numbers that stand
 * beside it.
 *
 * @param low at its beginning
 * @param high at its end, more than {@code low}
 * @param isLogarithmic whether each step is ten times the one before; then {@code low} is above 0
 */
record Axis(double low, double high, boolean isLogarithmic, List<Tick> ticks) {
    private static final int TICKS_MAX = 5;
    private static final double[] TIME_STEPS = {
        1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400
    };
    private static final int TIME_TICKS_MAX = 7;
    private static final double LEAST_MILLIS = 0.1;
    private static final double SECOND_MILLIS = 1_000;
    private static final double MINUTE_SECONDS = 60;

    /** A number, and how it is written. */
    record Tick(double value, String label) {}

    /** From 0 to a round number that is not below the greatest. */
    static Axis fromZero(double greatest, DoubleFunction<String> format) {
        double most = greatest > 0 && Double.isFinite(greatest) ? greatest : 1;
        double step = roundStep(most / TICKS_MAX);
        int steps = (int) Math.ceil(most / step - 1e-9);
        return new Axis(
                0,
                steps * step,
                false,
                IntStream.rangeClosed(0, steps)
                        .mapToObj(i -> new Tick(i * step, format.apply(i * step)))
                        .toList());
    }

    /** The least of 1, 2 or 5 times a power of ten that is not below the given. */
    static double roundStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double times : new double[] {1, 2, 5}) {
            if (times * power >= least * (1 - 1e-9)) {
                return times * power;
            }
        }
        return 10 * power;
    }

    /** Milliseconds by powers of ten, around all that there are. */
    static Axis millis(double least, double greatest) {
        double from = Math.floor(Math.log10(Math.max(LEAST_MILLIS, finite(least, LEAST_MILLIS))));
        double to = Math.ceil(Math.log10(Math.max(LEAST_MILLIS, finite(greatest, 1))));
        double high = Math.max(to, from + 1);
        List<Tick> ticks = new ArrayList<>();
        for (double power = from; power <= high; power++) {
            ticks.add(new Tick(Math.pow(10, power), duration(Math.pow(10, power))));
        }
        return new Axis(Math.pow(10, from), Math.pow(10, high), true, ticks);
    }

    private static double finite(double number, double otherwise) {
        return Double.isFinite(number) ? number : otherwise;
    }

    /**
     * Seconds since the opening, negative before it.
     *
     * @param to later than {@code from}, or one second after it is taken
     */
    static Axis time(double from, double to) {
        double high = to > from ? to : from + 1;
        double step = TIME_STEPS[TIME_STEPS.length - 1];
        for (double candidate : TIME_STEPS) {
            if ((high - from) / candidate <= TIME_TICKS_MAX) {
                step = candidate;
                break;
            }
        }
        List<Tick> ticks = new ArrayList<>();
        for (double at = Math.ceil(from / step) * step; at <= high + 1e-9; at += step) {
            ticks.add(new Tick(at, clock(at)));
        }
        return new Axis(from, high, false, ticks);
    }

    /** Where it lies, from 0 to 1; what is beyond an end lies at it. */
    double at(double value) {
        double share =
                isLogarithmic
                        ? Math.log(Math.max(low, value) / low) / Math.log(high / low)
                        : (value - low) / (high - low);
        return Math.clamp(share, 0, 1);
    }

    /** Seconds as people say them: 20 s, 1:30, 2 h 05. */
    static String clock(double seconds) {
        long whole = Math.round(Math.abs(seconds));
        String sign = seconds <= -0.5 ? "−" : "";
        if (whole < MINUTE_SECONDS) {
            return sign + whole + " s";
        }
        return whole < 3_600
                ? String.format(Locale.ROOT, "%s%d:%02d", sign, whole / 60, whole % 60)
                : String.format(
                        Locale.ROOT, "%s%d h %02d", sign, whole / 3_600, whole % 3_600 / 60);
    }

    /** Milliseconds as people say them: 0.1 ms, 250 ms, 1.5 s; "–" if there is no number. */
    static String duration(double millis) {
        if (Double.isNaN(millis)) {
            return "–";
        }
        return millis < SECOND_MILLIS
                ? Quantity.plain(millis) + " ms"
                : Quantity.plain(millis / SECOND_MILLIS) + " s";
    }
}
