package giliran.booking;

import java.util.Optional;

/**
 * What a client calls one intention of its own, so that repeating it does nothing twice
 * (draft-ietf-httpapi-idempotency-key-header).
 *
 * @param value 1 to 255 visible ASCII characters
 */
public record IdempotencyKey(String value) {
    private static final int LENGTH_MAX = 255;

    public IdempotencyKey {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a key is 1 to 255 visible ASCII characters");
        }
    }

    /** Reads a header: the key bare, or as a quoted string of structured fields (RFC 9651). */
    public static Optional<IdempotencyKey> parse(String header) {
        String text = header.strip();
        if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
            text = text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
        }
        return isValid(text) ? Optional.of(new IdempotencyKey(text)) : Optional.empty();
    }

    private static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= LENGTH_MAX
                && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }
}
