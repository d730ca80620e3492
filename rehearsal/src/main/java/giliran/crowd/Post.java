package giliran.crowd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of POST requests to one path, of which only key, sender and body differ. */
public final class Post {
    private static final int KEY_DIGITS = 16;
    private static final byte[] KEY = ascii("Idempotency-Key: ");
    private static final byte[] LENGTH = ascii("\r\nContent-Length: ");
    private static final byte[] END = ascii("\r\n\r\n");
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] FROM = ascii("\r\nX-Forwarded-For: ");

    private final byte[] head;

    public Post(String path) {
        head =
                ascii(
                        "POST "
                                + path
                                + " HTTP/1.1\r\nHost: giliran\r\nContent-Type: application/json\r\n");
    }

    /**
     * Writes a request without its body.
     *
     * @param key becomes the Idempotency-Key
     * @param bodyLength bytes, 1 to 9,999
     */
    void write(ByteBuffer out, long key, int bodyLength) {
        out.put(head).put(KEY);
        writeKey(out, key);
        writeLength(out, bodyLength);
    }

    /**
     * Writes a request without its body, as a proxy passes it on.
     *
     * @param key becomes the Idempotency-Key
     * @param from the IPv4 address that it came from
     * @param bodyLength bytes, 1 to 9,999
     */
    public void write(ByteBuffer out, long key, int from, int bodyLength) {
        out.put(head).put(KEY);
        writeKey(out, key);
        out.put(FROM);
        writeAddress(out, from);
        writeLength(out, bodyLength);
    }

    private static void writeKey(ByteBuffer out, long key) {
        for (int shift = 4 * (KEY_DIGITS - 1); shift >= 0; shift -= 4) {
            out.put(HEX[(int) (key >>> shift) & 15]);
        }
    }

    private static void writeLength(ByteBuffer out, int bodyLength) {
        out.put(LENGTH);
        writeNumber(out, bodyLength);
        out.put(END);
    }

    /** Writes an IPv4 address, as its four bytes, in the usual way. */
    public static void writeAddress(ByteBuffer out, int address) {
        for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
            writeNumber(out, (address >>> shift) & 0xFF);
            if (shift > 0) {
                out.put((byte) '.');
            }
        }
    }

    private static void writeNumber(ByteBuffer out, int number) {
        for (int unit = 1_000; unit > 1; unit /= 10) {
            if (number >= unit) {
                out.put((byte) ('0' + number / unit % 10));
            }
        }
        out.put((byte) ('0' + number % 10));
    }

    /** The bytes of a text of ASCII. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
