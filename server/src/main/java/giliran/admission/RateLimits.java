package giliran.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import giliran.edge.Network;
import giliran.ledger.Reference;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often something may be tried: strictly for one person, pass, link or reference, widely for
 * one address, since whole cities share one. What succeeds and what does not count alike. The
 * limits are stated in docs/limits.md.
 */
public final class RateLimits {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    /** A limit that was met, in the words of draft-ietf-httpapi-ratelimit-headers. */
    public record Exceeded(String policy, String rateLimit, Duration retryAfter) {}

    private final TokenBuckets requestsOfAddress;
    private final TokenBuckets requestsOfPerson;
    private final TokenBuckets findsOfAddress;
    private final TokenBuckets findsOfReference;
    private final TokenBuckets ticketsOfAddress;

    /**
     * @param nanoTime as {@link System#nanoTime} tells it
     * @param secret any number that nobody outside knows
     */
    public RateLimits(LongSupplier nanoTime, long secret, MeterRegistry meters) {
        requestsOfAddress = new TokenBuckets("address", 60_000, MINUTE, nanoTime, secret, meters);
        requestsOfPerson = new TokenBuckets("person", 60, MINUTE, nanoTime, secret, meters);
        findsOfAddress =
                new TokenBuckets("find-address", 600, TEN_MINUTES, nanoTime, secret, meters);
        findsOfReference =
                new TokenBuckets("find-reference", 10, TEN_MINUTES, nanoTime, secret, meters);
        ticketsOfAddress =
                new TokenBuckets("ticket-address", 100, TEN_MINUTES, nanoTime, secret, meters);
    }

    /** Counts a request for what is not published; this machine itself is not limited. */
    public Optional<Exceeded> tryRequest(Network from) {
        return from.isThisMachine() ? Optional.empty() : requestsOfAddress.tryOne(from.number());
    }

    /**
     * Counts a request of, or about, one person.
     *
     * @param who what it is known by: a pass, a link or an identity number; only a hash is kept
     */
    public Optional<Exceeded> tryFor(String who) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(who.getBytes(UTF_8));
            return requestsOfPerson.tryOne(ByteBuffer.wrap(hash).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Counts the use of a ticket for having waited; this machine itself is not limited. */
    Optional<Exceeded> tryTicket(Network from) {
        return from.isThisMachine() ? Optional.empty() : ticketsOfAddress.tryOne(from.number());
    }

    /** Counts a try to find an appointment. */
    public Optional<Exceeded> tryFind(Network from, Optional<Reference> reference) {
        return findsOfAddress
                .tryOne(from.number())
                .or(() -> reference.flatMap(its -> findsOfReference.tryOne(its.value())));
    }
}
