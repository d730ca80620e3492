package giliran.capacity;

/**
 * How an opening dies away: the rate of bookings falls exponentially from its peak, at the first
 * moment, until everything is sold.
 *
 * <p>It is the simplest curve of which only the two things are known that one knows: how long it
 * lasts, and how many times the average its peak is. With <i>x</i> the duration in time constants,
 * the peak is <i>x</i> ÷ (1 − e<sup>−x</sup>) times the average, which {@link #decay} solves for
 * <i>x</i>. The real trace of 2 May 2021 has a fastest minute of 5.3 times its average, while the
 * site was failing.
 */
final class OpeningCurve {
    /** Below it the curve is flat, as far as a double can tell. */
    private static final double FLAT = 1e-6;

    private static final int HALVINGS = 200;

    private final double seconds;
    private final double decay;

    /**
     * @param seconds from the opening until all is sold, more than 0
     * @param peakFactor the rate at the opening, divided by the average; 1 or more
     */
    OpeningCurve(double seconds, double peakFactor) {
        if (!(seconds > 0) || !(peakFactor >= 1)) {
            throw new IllegalArgumentException("no opening falls from such a peak");
        }
        this.seconds = seconds;
        decay = decay(peakFactor);
    }

    /** The x of which x ÷ (1 − e^−x) is the factor; 0 for a flat curve. By halving. */
    private static double decay(double peakFactor) {
        double low = 0;
        double high = peakFactor;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (middle / -Math.expm1(-middle) < peakFactor) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high < FLAT ? 0 : high;
    }

    /**
     * The share of everything that is still to come after so many seconds: 1 at the opening, 0 at
     * the end.
     */
    double left(double second) {
        if (second >= seconds) {
            return 0;
        }
        double over = second / seconds;
        return decay == 0
                ? 1 - over
                : Math.exp(-decay * over) * Math.expm1(-decay * (1 - over)) / Math.expm1(-decay);
    }

    /** The rate after so many seconds, divided by the average over the whole. */
    double timesAverage(double second) {
        if (second >= seconds) {
            return 0;
        }
        return decay == 0 ? 1 : decay * Math.exp(-decay * second / seconds) / -Math.expm1(-decay);
    }

    /**
     * The time that all spend waiting together, divided by how many they are: {@link #left} summed.
     */
    double secondsLeft() {
        return seconds * (decay == 0 ? 0.5 : 1 / decay - 1 / Math.expm1(decay));
    }
}
