package giliran.ledger;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * The number by which people call an appointment: 16 random decimal digits, 53 bits.
 *
 * <p>Digits alone are read aloud alike in every language and can be typed on a telephone's keys.
 * Two appointments may, very rarely, share a reference: never look one up by it alone, but together
 * with the date of birth or a link's code.
 *
 * @param value 0 to 10^16 − 1
 */
public record Reference(long value) {
    private static final int DIGITS = 16;
    private static final long BOUND = 10_000_000_000_000_000L;

    public Reference {
        if (value < 0 || value >= BOUND) {
            throw new IllegalArgumentException("a reference has 16 digits");
        }
    }

    public static Reference random(SecureRandom random) {
        return new Reference(random.nextLong(BOUND));
    }

    /** Reads 16 digits, with or without spaces or hyphens between them. */
    public static Optional<Reference> parse(String text) {
        if (text.length() > 2 * DIGITS) {
            return Optional.empty();
        }
        long value = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                if (++digits > DIGITS) {
                    return Optional.empty();
                }
                value = value * 10 + (c - '0');
            } else if (c != ' ' && c != '-') {
                return Optional.empty();
            }
        }
        return digits == DIGITS ? Optional.of(new Reference(value)) : Optional.empty();
    }

    /** Four groups of four digits. */
    @Override
    public String toString() {
        String digits = String.format("%016d", value);
        return String.join(
                " ",
                digits.substring(0, 4),
                digits.substring(4, 8),
                digits.substring(8, 12),
                digits.substring(12));
    }
}
