package giliran.population;

import giliran.outcome.Outcome.Latency;
import giliran.outcome.Outcome.LatencyPoint;
import giliran.outcome.Outcome.Second;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What happens, counted second by second. */
final class Series {
    /** What is asked of the server. */
    enum Kind {
        LIST,
        BOOK,
        MOVE,
        CANCEL;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final int LONGEST_MILLIS = 600_000;
    private static final int DIGITS = 3;
    private static final int BEST_OF = 10;

    /** Latencies of one kind, in milliseconds. */
    private static final class Latencies {
        final Histogram whole = new Histogram(LONGEST_MILLIS, DIGITS);
        final Histogram second = new Histogram(LONGEST_MILLIS, DIGITS);
        final List<LatencyPoint> points = new ArrayList<>();

        void add(int millis) {
            second.recordValue(Math.clamp(millis, 0, LONGEST_MILLIS));
        }

        void endSecond(int number) {
            if (second.getTotalCount() > 0) {
                points.add(point(number, second));
                whole.add(second);
                second.reset();
            }
        }

        static LatencyPoint point(int number, Histogram of) {
            return new LatencyPoint(
                    number,
                    of.getTotalCount(),
                    of.getValueAtPercentile(50),
                    of.getValueAtPercentile(90),
                    of.getValueAtPercentile(99),
                    of.getValueAtPercentile(99.9),
                    of.getMaxValue());
        }
    }

    private final Map<Kind, Latencies> latencies = new EnumMap<>(Kind.class);
    private final List<Second> seconds = new ArrayList<>();
    private final Map<String, Long> refusals = new TreeMap<>();
    private long placesLeft;
    private int lastPlaceAt;
    private long booked;
    long arrivals;
    long readsAsked;
    long readsAbsorbed;
    long readsOrigin;
    long bookingsAsked;
    long moved;
    long cancelled;
    long timeOuts;
    long cutLines;
    long gaveUp;

    Series(int places) {
        placesLeft = places;
        for (Kind kind : Kind.values()) {
            latencies.put(kind, new Latencies());
        }
    }

    /**
     * Hears of an answer.
     *
     * @param millis since the request was due
     */
    void answered(Kind kind, int millis) {
        latenciesOf(kind).add(millis);
    }

    private Latencies latenciesOf(Kind kind) {
        Latencies found = latencies.get(kind);
        if (found == null) {
            throw new IllegalStateException("every kind has its latencies");
        }
        return found;
    }

    void booked(int millisSinceOpening) {
        booked++;
        placesLeft--;
        lastPlaceAt = millisSinceOpening;
    }

    void cancelled() {
        cancelled++;
        placesLeft++;
    }

    void refused(String why) {
        refusals.merge(why, 1L, Long::sum);
    }

    /** Closes a second, and begins the next. */
    Second endSecond(int number, long underWay) {
        latencies.values().forEach(kind -> kind.endSecond(number));
        Second second =
                new Second(
                        number,
                        arrivals,
                        readsAsked,
                        readsAbsorbed,
                        readsOrigin,
                        bookingsAsked,
                        booked,
                        moved,
                        cancelled,
                        Map.copyOf(refusals),
                        timeOuts,
                        cutLines,
                        gaveUp,
                        placesLeft,
                        underWay);
        seconds.add(second);
        refusals.clear();
        arrivals = 0;
        readsAsked = 0;
        readsAbsorbed = 0;
        readsOrigin = 0;
        bookingsAsked = 0;
        booked = 0;
        moved = 0;
        cancelled = 0;
        timeOuts = 0;
        cutLines = 0;
        gaveUp = 0;
        return second;
    }

    List<Second> seconds() {
        return List.copyOf(seconds);
    }

    /** The latest 99th percentile of bookings, in milliseconds; 0 without any. */
    double latestP99() {
        List<LatencyPoint> points = latenciesOf(Kind.BOOK).points;
        return points.isEmpty() ? 0 : points.getLast().p99();
    }

    List<Latency> latencies() {
        List<Latency> all = new ArrayList<>();
        latencies.forEach(
                (kind, of) -> {
                    if (!of.points.isEmpty()) {
                        all.add(
                                new Latency(
                                        kind.toString(),
                                        Latencies.point(0, of.whole),
                                        List.copyOf(of.points)));
                    }
                });
        return all;
    }

    double lastPlaceSeconds() {
        return lastPlaceAt / 1e3;
    }

    /** Places sold a second in the best ten seconds; of all of them if there are fewer. */
    double bestTenSeconds() {
        long sum = 0;
        long best = 0;
        for (int i = 0; i < seconds.size(); i++) {
            sum += seconds.get(i).booked();
            sum -= i < BEST_OF ? 0 : seconds.get(i - BEST_OF).booked();
            best = Math.max(best, sum);
        }
        return best / (double) BEST_OF;
    }
}
