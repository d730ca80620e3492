package giliran.booking;

import giliran.ledger.Command;
import giliran.people.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Makes of an idempotency key, and of what is asked for with it, what the ledger compares. */
final class Fingerprints {
    private Fingerprints() {}

    /**
     * The key for the ledger.
     *
     * @param deed what is asked for, in ASCII; with {@code content} all that must be the same
     */
    static Command.Key key(Keys keys, IdempotencyKey key, String deed, byte[] content) {
        return new Command.Key(
                fingerprint(keys, "key", key.value().getBytes(StandardCharsets.US_ASCII)),
                fingerprint(keys, deed, content));
    }

    private static UUID fingerprint(Keys keys, String domain, byte[] data) {
        byte[] name = domain.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer print =
                ByteBuffer.wrap(
                        keys.fingerprint(
                                ByteBuffer.allocate(name.length + 1 + data.length)
                                        .put(name)
                                        .put((byte) 0)
                                        .put(data)
                                        .array()));
        return new UUID(print.getLong(), print.getLong());
    }
}
