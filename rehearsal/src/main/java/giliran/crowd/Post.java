package giliran.crowd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of POST requests to one path, of which only key and body differ. */
final class Post {
    private static final int KEY_DIGITS = 16;
    private static final byte[] KEY = ascii("Idempotency-Key: ");
    private static final byte[] LENGTH = ascii("\r\nContent-Length: ");
    private static final byte[] END = ascii("\r\n\r\n");
    private static final byte[] HEX = ascii("0123456789abcdef");

    private final byte[] head;

    Post(String path) {
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
        for (int shift = 4 * (KEY_DIGITS - 1); shift >= 0; shift -= 4) {
            out.put(HEX[(int) (key >>> shift) & 15]);
        }
        out.put(LENGTH);
        for (int unit = 1_000; unit > 0; unit /= 10) {
            if (bodyLength >= unit) {
                out.put((byte) ('0' + bodyLength / unit % 10));
            }
        }
        out.put(END);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
