package giliran.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import giliran.ledger.Reference;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits how often a reference and a birthday can be guessed: strictly for one reference, widely
 * for one address, since whole cities share one. Hits and misses count alike.
 */
public final class FindLimits {
    private static final Limit PER_REFERENCE =
            new Limit("find-reference", 10, Duration.ofMinutes(10));
    private static final Limit PER_ADDRESS = new Limit("find-address", 600, Duration.ofMinutes(10));

    /** An IPv6 customer has a /64 at least, so its addresses are one. */
    private static final int IPV6_PREFIX_BYTES = 8;

    /** Those who come through no network at all, such as a socket of this machine. */
    private static final Object UNNAMED = "";

    private static final int BUCKETS_MAX = 100_000;
    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private record Limit(String name, long tries, Duration window) {
        Bucket newBucket() {
            return Bucket.builder()
                    .addLimit(
                            Bandwidth.builder().capacity(tries).refillGreedy(tries, window).build())
                    .build();
        }
    }

    /** A limit that was met, in the words of draft-ietf-httpapi-ratelimit-headers. */
    record Exceeded(String policy, String rateLimit, Duration retryAfter) {}

    private final Cache<Object, Bucket> references = buckets(PER_REFERENCE);
    private final Cache<Object, Bucket> addresses = buckets(PER_ADDRESS);

    private static Cache<Object, Bucket> buckets(Limit limit) {
        return Caffeine.newBuilder()
                .maximumSize(BUCKETS_MAX)
                .expireAfterAccess(limit.window())
                .build();
    }

    /** Counts a try; empty if it may go ahead. */
    Optional<Exceeded> tryFind(@Nullable SocketAddress from, Optional<Reference> reference) {
        Optional<Exceeded> byAddress =
                tryOne(addresses, PER_ADDRESS, from == null ? UNNAMED : network(from));
        return byAddress.or(() -> reference.flatMap(r -> tryOne(references, PER_REFERENCE, r)));
    }

    private static Object network(SocketAddress from) {
        String host = from.hostAddress();
        if (host == null) {
            return UNNAMED;
        }
        // The zone after % names an interface of ours and nothing of theirs.
        InetAddress address = InetAddress.ofLiteral(host.split("%", 2)[0]);
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(
                address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_PREFIX_BYTES) : bytes);
    }

    private static Optional<Exceeded> tryOne(
            Cache<Object, Bucket> buckets, Limit limit, Object who) {
        ConsumptionProbe probe =
                buckets.get(who, k -> limit.newBucket()).tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return Optional.empty();
        }
        Duration wait =
                Duration.ofSeconds(Math.ceilDiv(probe.getNanosToWaitForRefill(), NANOS_PER_SECOND));
        return Optional.of(
                new Exceeded(
                        "\""
                                + limit.name()
                                + "\";q="
                                + limit.tries()
                                + ";w="
                                + limit.window().toSeconds(),
                        "\"" + limit.name() + "\";r=0;t=" + wait.toSeconds(),
                        wait));
    }
}
