package giliran.campaigns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;

/** The public name of a slot: the same for the same campaign and key, on every machine. */
public record SlotId(UUID value) implements Comparable<SlotId> {
    private static final int TEXT_LENGTH = 36;

    /**
     * Names a slot.
     *
     * @param key what the publisher calls the slot; unique in the campaign
     * @return a name-based UUID (RFC 9562, version 8, from SHA-256), so that loading the same files
     *     again finds the same slots without asking the database
     */
    public static SlotId of(CampaignId campaign, String key) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        sha256.update(campaign.value().getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
        long high = (digest.getLong() & ~0xF000L) | 0x8000L;
        long low = (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new SlotId(new UUID(high, low));
    }

    /** Reads the text form; empty for anything that is not a UUID in its usual 36 characters. */
    public static Optional<SlotId> parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SlotId(UUID.fromString(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(SlotId other) {
        int byHigh =
                Long.compareUnsigned(
                        value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return byHigh != 0
                ? byHigh
                : Long.compareUnsigned(
                        value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
