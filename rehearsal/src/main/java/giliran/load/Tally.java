package giliran.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What the clients of one kind were answered while it was counted, and after how long. */
public final class Tally {
    private static final long LONGEST_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;
    private static final int DIGITS = 3;

    private final Histogram granted = new Histogram(LONGEST_MICROS, DIGITS);
    private final Histogram others = new Histogram(LONGEST_MICROS, DIGITS);
    private final Map<String, Long> otherAnswers = new TreeMap<>();
    private long fromNanos;
    private long toNanos;

    void begin(long nanos) {
        granted.reset();
        others.reset();
        otherAnswers.clear();
        fromNanos = nanos;
        toNanos = nanos;
    }

    void end(long nanos) {
        toNanos = nanos;
    }

    void answered(Answer answer, long nanos) {
        if (answer.status() == 201) {
            record(granted, nanos);
        } else {
            record(others, nanos);
            otherAnswers.merge((answer.status() + " " + answer.problem()).strip(), 1L, Long::sum);
        }
    }

    /**
     * @param nanos how long it has been waited for
     */
    void unanswered(String why, long nanos) {
        record(others, nanos);
        otherAnswers.merge(why, 1L, Long::sum);
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.min(LONGEST_MICROS, Math.max(0, nanos / 1_000)));
    }

    /** How many answers were 201. */
    public long granted() {
        return granted.getTotalCount();
    }

    /** All other answers by status and problem type, and what had no answer. */
    public Map<String, Long> others() {
        return Map.copyOf(otherAnswers);
    }

    /** How many requests had any answer, or were lost. */
    public long all() {
        return granted.getTotalCount() + others.getTotalCount();
    }

    /** How long it was counted; 0 if all was over before. */
    public double seconds() {
        return Math.max(0, toNanos - fromNanos) / 1e9;
    }

    /** 201s a second. */
    public double grantedPerSecond() {
        return perSecond(granted);
    }

    /** Answers other than 201 a second. */
    public double othersPerSecond() {
        return perSecond(others);
    }

    private double perSecond(Histogram answers) {
        return answers.getTotalCount() == 0 ? 0 : answers.getTotalCount() / seconds();
    }

    /** How long 201s took, in microseconds. */
    public Histogram grantedMicros() {
        return granted;
    }

    /** How long all else took, in microseconds. */
    public Histogram othersMicros() {
        return others;
    }
}
