package giliran.booking;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client calls one intention of its own, so that repeating it does nothing twice
 * (draft-ietf-httpapi-idempotency-key-header).
 *
 * @param value 1 to 255 visible ASCII characters
 */
public record IdempotencyKey(String value) {
    private static final int LENGTH_MAX = 255;

    /** A string of RFC 9651, at most as long as one whose every character is escaped. */
    private static final Pattern QUOTED =
            Pattern.compile("\"(?:[ -!#-\\[\\]-~]|\\\\[\"\\\\]){0,255}\"");

    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    public IdempotencyKey {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a key is 1 to 255 visible ASCII characters");
        }
    }

    /** Reads a header: the key bare, or as a quoted string of structured fields (RFC 9651). */
    public static Optional<IdempotencyKey> parse(String header) {
        String text = header.strip();
        if (text.startsWith("\"")) {
            if (!QUOTED.matcher(text).matches()) {
                return Optional.empty();
            }
            text = ESCAPED.matcher(text.substring(1, text.length() - 1)).replaceAll("$1");
        }
        return isValid(text) ? Optional.of(new IdempotencyKey(text)) : Optional.empty();
    }

    private static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= LENGTH_MAX
                && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }
}
