package giliran.admission;

import giliran.edge.Network;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Lets those in whose browser cannot work for it: they wait instead. A ticket is good once, at the
 * address that it was given to, from twenty seconds after on and for two hours.
 *
 * <p>Nothing is kept of a ticket until it is used; the key is made anew at each start, so that a
 * restart, which forgets what was used, makes no old ticket good again. Safe for use by many
 * threads.
 */
public final class WaitTickets {
    /** How long to wait: longer than anybody needs to type their details. */
    public static final Duration WAIT = Duration.ofSeconds(20);

    static final Duration LIFETIME = Duration.ofHours(2);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int NAMED_BYTES = 2 * Long.BYTES;
    private static final int MAC_BYTES = 16;
    private static final int TICKETS_KEPT_MAX = 100_000;

    /** What became of a ticket that was handed in. */
    public enum Verdict {
        ACCEPTED,
        /** It is good, and will be accepted later. */
        TOO_EARLY,
        /** This address has used too many. */
        TOO_MANY,
        /** It is none of ours, another address's, too old, or used. */
        REFUSED
    }

    private final InstantSource clock;
    private final RandomGenerator random;
    private final RateLimits limits;
    private final SecretKeySpec key;
    private final UsedSolutions used = new UsedSolutions(TICKETS_KEPT_MAX);

    /**
     * @param random secure in all but tests: the key comes from it too
     */
    public WaitTickets(InstantSource clock, RandomGenerator random, RateLimits limits) {
        this.clock = clock;
        this.random = random;
        this.limits = limits;
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    /** A new ticket, in base64url. */
    public String give(Network to) {
        byte[] named =
                ByteBuffer.allocate(NAMED_BYTES)
                        .putLong(clock.millis())
                        .putLong(random.nextLong())
                        .array();
        byte[] mac = mac(named, to);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        ByteBuffer.allocate(NAMED_BYTES + MAC_BYTES).put(named).put(mac).array());
    }

    /**
     * Takes a ticket, and uses it up if it is accepted.
     *
     * @param ticket as it was sent, any text
     */
    public Verdict take(String ticket, Network from) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(ticket);
        } catch (IllegalArgumentException notBase64) {
            return Verdict.REFUSED;
        }
        byte[] named = Arrays.copyOf(bytes, NAMED_BYTES);
        if (bytes.length != NAMED_BYTES + MAC_BYTES
                || !MessageDigest.isEqual(
                        mac(named, from), Arrays.copyOfRange(bytes, NAMED_BYTES, bytes.length))) {
            return Verdict.REFUSED;
        }
        ByteBuffer fields = ByteBuffer.wrap(named);
        Instant given = Instant.ofEpochMilli(fields.getLong());
        Instant now = clock.instant();
        if (now.isBefore(given.plus(WAIT))) {
            return Verdict.TOO_EARLY;
        }
        if (!now.isBefore(given.plus(LIFETIME))) {
            return Verdict.REFUSED;
        }
        long name = fields.getLong();
        long expires = given.plus(LIFETIME).getEpochSecond() + 1;
        long second = now.getEpochSecond();
        long latest = now.plus(LIFETIME).getEpochSecond() + 1;
        // Looked at first, so that sending a used one again uses nothing up for its neighbours.
        if (used.isUsed(name, expires, second, latest)) {
            return Verdict.REFUSED;
        }
        if (limits.tryTicket(from).isPresent()) {
            return Verdict.TOO_MANY;
        }
        return used.use(name, expires, second, latest) ? Verdict.ACCEPTED : Verdict.REFUSED;
    }

    private byte[] mac(byte[] named, Network network) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(named);
            mac.update(network.prefix().duplicate());
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
