package giliran.clients;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The secret by which a client shows who it is: 256 random bits in base64url after a prefix, by
 * which secret scanners know it. It is told once and kept nowhere; its text is never shown by
 * accident.
 */
public final class ClientToken {
    private static final String PREFIX = "giliran_";
    private static final int RANDOM_BYTES = 32;
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

    private final String text;

    private ClientToken(String text) {
        this.text = text;
    }

    static ClientToken random(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return new ClientToken(
                PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    static Optional<ClientToken> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new ClientToken(text)) : Optional.empty();
    }

    /** The text itself, for the one to whom it belongs. */
    public String reveal() {
        return text;
    }

    /** What is kept of it. A fast hash will do: 256 random bits cannot be guessed. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
