package giliran.edge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A finished part of an answer: its bytes, and the same compressed so that parts can be put one
 * after the other (RFC 1951, ended on a byte's boundary and without a last block). A change of one
 * part compresses that part alone.
 */
public final class Piece {
    /** Where more saves a few hundredths only, and takes up to ten times as long. */
    private static final int LEVEL = 5;

    /** What is as short as this stays nearly as long when it is compressed. */
    private static final int STORED_MAX = 128;

    static final int DIGEST_BYTES = 16;

    /** One a thread, since making one clears 256 KB. */
    private static final ThreadLocal<Deflater> DEFLATER =
            ThreadLocal.withInitial(() -> new Deflater(LEVEL, true));

    private final Supplier<byte[]> plain;
    private final int length;
    private final Supplier<byte[]> deflated;
    private final int deflatedLength;
    private final byte[] digest;
    private final int crc;
    private final int shift;

    /**
     * A piece of which all is known.
     *
     * @param plain makes the bytes, the same each time
     * @param length how many they are
     * @param deflated makes the compressed bytes, the same each time
     * @param deflatedLength how many those are
     * @param digest {@link #DIGEST_BYTES}, others for other bytes
     * @param crc CRC-32 of the bytes
     */
    Piece(
            Supplier<byte[]> plain,
            int length,
            Supplier<byte[]> deflated,
            int deflatedLength,
            byte[] digest,
            int crc) {
        this.plain = plain;
        this.length = length;
        this.deflated = deflated;
        this.deflatedLength = deflatedLength;
        this.digest = digest;
        this.crc = crc;
        shift = Checksums.shiftBy(length);
    }

    /** Finishes bytes, which are not to be changed after. */
    public static Piece of(byte[] plain) {
        CRC32 checksum = new CRC32();
        checksum.update(plain);
        byte[] deflated = plain.length > STORED_MAX ? deflate(plain) : stored(plain);
        return new Piece(
                () -> plain,
                plain.length,
                () -> deflated,
                deflated.length,
                Arrays.copyOf(sha256().digest(plain), DIGEST_BYTES),
                (int) checksum.getValue());
    }

    /** The bytes, not to be changed. */
    public byte[] plain() {
        return plain.get();
    }

    int length() {
        return length;
    }

    int deflatedLength() {
        return deflatedLength;
    }

    /** The compressed bytes, not to be changed. */
    byte[] deflated() {
        return deflated.get();
    }

    byte[] digest() {
        return digest;
    }

    /** The checksum of what has this one before, followed by this piece. */
    int crcAfter(int before) {
        return Checksums.multiply(shift, before) ^ crc;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A block of bytes as they are (RFC 1951, 3.2.4), not the last. */
    private static byte[] stored(byte[] plain) {
        return ByteBuffer.allocate(1 + 2 + 2 + plain.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .putShort((short) plain.length)
                .putShort((short) ~plain.length)
                .put(plain)
                .array();
    }

    private static byte[] deflate(byte[] plain) {
        Deflater deflater = DEFLATER.get();
        deflater.reset();
        deflater.setInput(plain);
        byte[] out = new byte[plain.length / 2 + 64];
        int length = 0;
        while (true) {
            length += deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
            if (length < out.length) {
                return Arrays.copyOf(out, length);
            }
            out = Arrays.copyOf(out, out.length * 2);
        }
    }
}
