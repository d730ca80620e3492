package giliran.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * One limit, with a token bucket for each of those that it holds for, in memory that never grows.
 *
 * <p>A bucket is the moment at which it will be full again (the generic cell rate algorithm), and
 * once full it is as good as none. So nothing has to be swept: each has a place among few, given by
 * a hash that nobody outside can know, and if all of those are taken, the one that is full soonest
 * is forgotten.
 */
final class TokenBuckets {
    private static final int BUCKETS_BITS = 17;
    private static final int PLACES = 8;
    private static final int LOCKS = 64;

    /** Odd numbers that mix well, as those of SplitMix64's last steps. */
    private static final long MIX = 0xBF58476D1CE4E5B9L;

    private static final long MIX_AGAIN = 0x94D049BB133111EBL;

    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final String name;
    private final long tries;
    private final Duration window;
    private final LongSupplier nanoTime;
    private final long secret;
    private final long origin;
    private final long[] owners = new long[1 << BUCKETS_BITS];

    /** In nanoseconds since the origin. */
    private final long[] fullAt = new long[1 << BUCKETS_BITS];

    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();
    private final Counter exceeded;

    /**
     * @param tries at once, and given back evenly over the window
     * @param nanoTime as {@link System#nanoTime} tells it
     * @param secret without which nobody can choose whose places meet
     */
    TokenBuckets(
            String name,
            long tries,
            Duration window,
            LongSupplier nanoTime,
            long secret,
            MeterRegistry meters) {
        this.name = name;
        this.tries = tries;
        this.window = window;
        this.nanoTime = nanoTime;
        this.secret = secret;
        origin = nanoTime.getAsLong();
        exceeded =
                Counter.builder("giliran.requests.limited")
                        .description("Requests that were refused for a limit")
                        .tag("limit", name)
                        .register(meters);
    }

    /**
     * Counts a try; empty if it may go ahead.
     *
     * @param who one number each
     */
    Optional<RateLimits.Exceeded> tryOne(long who) {
        long nanos = take(who);
        if (nanos <= 0) {
            return Optional.empty();
        }
        exceeded.increment();
        Duration wait = Duration.ofSeconds(Math.ceilDiv(nanos, NANOS_PER_SECOND));
        return Optional.of(
                new RateLimits.Exceeded(
                        "\"" + name + "\";q=" + tries + ";w=" + window.toSeconds(),
                        "\"" + name + "\";r=0;t=" + wait.toSeconds(),
                        wait));
    }

    /** Takes a token if there is one; otherwise says in how many nanoseconds there will be. */
    private long take(long who) {
        int first = firstPlace(who);
        synchronized (locks[first / PLACES % LOCKS]) {
            long now = nanoTime.getAsLong() - origin;
            int at = find(first, who);
            long fullBefore = owners[at] == who ? Math.max(now, fullAt[at]) : now;
            long full = fullBefore + window.toNanos() / tries;
            long wait = full - now - window.toNanos();
            if (wait <= 0) {
                owners[at] = who;
                fullAt[at] = full;
            }
            return wait;
        }
    }

    private int firstPlace(long who) {
        long mixed = who + secret;
        mixed = (mixed ^ (mixed >>> 30)) * MIX;
        mixed = ((mixed ^ (mixed >>> 27)) ^ Long.rotateLeft(secret, 32)) * MIX_AGAIN;
        return (int) (mixed >>> (Long.SIZE - BUCKETS_BITS)) & -PLACES;
    }

    /** The bucket of this owner, or the one to be given to it. */
    private int find(int first, long who) {
        int soonest = first;
        for (int at = first; at < first + PLACES; at++) {
            if (owners[at] == who) {
                return at;
            }
            if (fullAt[at] < fullAt[soonest]) {
                soonest = at;
            }
        }
        return soonest;
    }
}
