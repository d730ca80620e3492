package giliran.store;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Makes names for events: UUIDs of version 7 (RFC 9562), in order of time. */
public final class EventIds {
    private final SecureRandom random = new SecureRandom();

    public UUID next(Instant now) {
        long high = (now.toEpochMilli() << 16) | 0x7000L | random.nextInt(0x1000);
        long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
