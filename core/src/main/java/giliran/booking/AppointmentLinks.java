package giliran.booking;

import giliran.ledger.Appointment;
import giliran.ledger.Reference;
import giliran.people.Keys;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Makes and opens the secret links of appointments.
 *
 * <p>A token is the reference, 64 bits of the person's handle and a MAC over both, in base64url. It
 * is derived, so a replay is given the same one; it is never stored; and one that we did not make
 * is refused without asking the database. The handle's bits tell two appointments apart that drew
 * the same reference.
 */
public final class AppointmentLinks {
    /** The reference and the start of the person's handle, a long each. */
    private static final int NAMED_BYTES = 2 * Long.BYTES;

    private static final int TEXT_MAX = 96;

    private final Keys keys;

    public AppointmentLinks(Keys keys) {
        this.keys = keys;
    }

    /** What a genuine token names. */
    record Opened(Reference reference, long personStart) {
        boolean names(Appointment appointment) {
            return appointment.reference().equals(reference) && startOf(appointment) == personStart;
        }
    }

    String tokenOf(Appointment appointment) {
        byte[] named =
                ByteBuffer.allocate(NAMED_BYTES)
                        .putLong(appointment.reference().value())
                        .putLong(startOf(appointment))
                        .array();
        byte[] mac = keys.mac(named);
        return text(ByteBuffer.allocate(named.length + mac.length).put(named).put(mac).array());
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What the token names; empty for every text that is not a token of ours. */
    Optional<Opened> open(String token) {
        if (token.length() > TEXT_MAX) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // The decoder also takes padding, and any value of the bits that the last character has
        // left.
        if (bytes.length <= NAMED_BYTES || !text(bytes).equals(token)) {
            return Optional.empty();
        }
        byte[] named = Arrays.copyOf(bytes, NAMED_BYTES);
        byte[] mac = Arrays.copyOfRange(bytes, NAMED_BYTES, bytes.length);
        if (!keys.verifyMac(mac, named)) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(named);
        return Optional.of(new Opened(new Reference(fields.getLong()), fields.getLong()));
    }

    private static long startOf(Appointment appointment) {
        return appointment.person().value().getMostSignificantBits();
    }
}
