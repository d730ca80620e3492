package giliran.booking;

import giliran.campaigns.CampaignId;
import giliran.people.Keys;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes passes and opens them, without the database.
 *
 * <p>A pass is base64url of a header, whose length comes first, and the person's details, sealed to
 * that header: neither can be changed, or put together with another, unnoticed. The header holds
 * nothing personal.
 */
final class PassSeal {
    private static final byte FORM = 1;
    private static final int TEXT_MAX = 4_096;
    private static final int FIXED_BYTES = 1 + 2 * Long.BYTES + Integer.BYTES + 1 + 2 * Long.BYTES;

    private final Keys keys;

    PassSeal(Keys keys) {
        this.keys = keys;
    }

    String write(Pass pass) {
        byte[] campaign = pass.campaign().value().getBytes(StandardCharsets.US_ASCII);
        byte[] header =
                ByteBuffer.allocate(FIXED_BYTES + campaign.length)
                        .put(FORM)
                        .putLong(pass.id().getMostSignificantBits())
                        .putLong(pass.id().getLeastSignificantBits())
                        .putInt(pass.epoch())
                        .put((byte) pass.dose())
                        .putLong(pass.validFrom().toEpochMilli())
                        .putLong(pass.validUntil().toEpochMilli())
                        .put(campaign)
                        .array();
        byte[] sealed = keys.sealPass(pass.person(), header);
        return text(
                ByteBuffer.allocate(1 + header.length + sealed.length)
                        .put((byte) header.length)
                        .put(header)
                        .put(sealed)
                        .array());
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The pass that a text is; empty for every text that is not a pass of ours. */
    Optional<Pass> open(String text) {
        if (text.length() > TEXT_MAX) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            int headerLength = bytes.length == 0 ? 0 : Byte.toUnsignedInt(bytes[0]);
            // The decoder also takes padding, and any value of the bits that the last character
            // has left.
            if (headerLength < FIXED_BYTES
                    || bytes.length < 1 + headerLength
                    || !text(bytes).equals(text)) {
                return Optional.empty();
            }
            byte[] header = Arrays.copyOfRange(bytes, 1, 1 + headerLength);
            byte[] sealed = Arrays.copyOfRange(bytes, 1 + headerLength, bytes.length);
            return keys.openPass(sealed, header).map(person -> read(header, person));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static Pass read(byte[] header, giliran.people.PersonDetails person) {
        ByteBuffer fields = ByteBuffer.wrap(header);
        if (fields.get() != FORM) {
            throw new IllegalArgumentException("a pass of another form");
        }
        UUID id = new UUID(fields.getLong(), fields.getLong());
        int epoch = fields.getInt();
        int dose = fields.get();
        Instant validFrom = Instant.ofEpochMilli(fields.getLong());
        Instant validUntil = Instant.ofEpochMilli(fields.getLong());
        String campaign = StandardCharsets.US_ASCII.decode(fields).toString();
        return new Pass(id, new CampaignId(campaign), epoch, dose, validFrom, validUntil, person);
    }
}
