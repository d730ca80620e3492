package giliran.bench;

import giliran.load.Tally;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one run came to.
 *
 * @param perSecond answers of the kind that is asked for
 * @param p50Millis half of them took no longer
 * @param others all other answers, by status and problem type
 */
record Figures(
        double perSecond,
        double p50Millis,
        double p99Millis,
        double p999Millis,
        Map<String, Long> others) {

    private static final String GONE = "409 place-gone";

    /** Of bookings: only what was answered 201 counts. */
    static Figures ofBookings(Tally tally) {
        return of(tally.grantedPerSecond(), tally.grantedMicros(), tally.others());
    }

    /** Of refusals: only that a place is gone counts. */
    static Figures ofRefusals(Tally tally) {
        double refused = tally.others().getOrDefault(GONE, 0L) / tally.seconds();
        return of(refused, tally.othersMicros(), tally.others());
    }

    /** Of all answers that are no bookings. */
    static Figures ofOthers(Tally tally) {
        return of(tally.othersPerSecond(), tally.othersMicros(), tally.others());
    }

    /** Of what has no latency. */
    static Figures ofRate(double perSecond) {
        return new Figures(perSecond, Double.NaN, Double.NaN, Double.NaN, Map.of());
    }

    private static Figures of(double perSecond, Histogram micros, Map<String, Long> others) {
        return new Figures(
                perSecond,
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getValueAtPercentile(99.9) / 1e3,
                others);
    }

    @Override
    public String toString() {
        String rate = String.format(Locale.ROOT, "%,9.0f/s", perSecond);
        return Double.isNaN(p50Millis)
                ? rate
                : rate
                        + String.format(
                                Locale.ROOT,
                                "   p50 %8.2f   p99 %8.2f   p99.9 %8.2f ms",
                                p50Millis,
                                p99Millis,
                                p999Millis)
                        + (others.isEmpty() ? "" : "   " + others);
    }
}
