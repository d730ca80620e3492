package giliran.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;

/** One limit, with a token bucket for each of those that it holds for; bounded in memory. */
final class TokenBuckets {
    /** Whoever was not seen for longest is forgotten, and may begin anew. */
    private static final int BUCKETS_MAX = 100_000;

    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final String name;
    private final long tries;
    private final Duration window;
    private final Cache<Object, Bucket> buckets;
    private final Counter exceeded;

    /**
     * @param tries at once, and given back evenly over the window
     */
    TokenBuckets(String name, long tries, Duration window, MeterRegistry meters) {
        this.name = name;
        this.tries = tries;
        this.window = window;
        buckets = Caffeine.newBuilder().maximumSize(BUCKETS_MAX).expireAfterAccess(window).build();
        exceeded =
                Counter.builder("giliran.requests.limited")
                        .description("Requests that were refused for a limit")
                        .tag("limit", name)
                        .register(meters);
    }

    /** Counts a try; empty if it may go ahead. */
    Optional<RateLimits.Exceeded> tryOne(Object who) {
        ConsumptionProbe probe = buckets.get(who, k -> newBucket()).tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return Optional.empty();
        }
        exceeded.increment();
        Duration wait =
                Duration.ofSeconds(Math.ceilDiv(probe.getNanosToWaitForRefill(), NANOS_PER_SECOND));
        return Optional.of(
                new RateLimits.Exceeded(
                        "\"" + name + "\";q=" + tries + ";w=" + window.toSeconds(),
                        "\"" + name + "\";r=0;t=" + wait.toSeconds(),
                        wait));
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(Bandwidth.builder().capacity(tries).refillGreedy(tries, window).build())
                .build();
    }
}
