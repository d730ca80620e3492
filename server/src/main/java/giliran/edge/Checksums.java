package giliran.edge;

/**
 * CRC-32 of what is put together from parts, from the checksums of the parts alone.
 *
 * <p>A checksum is a polynomial over GF(2), its highest coefficient in the lowest bit; n bytes more
 * multiply it by x^(8n) modulo the polynomial of RFC 1952. It is the method of zlib's {@code
 * crc32_combine}.
 */
final class Checksums {
    private static final int POLYNOMIAL = 0xEDB88320;
    private static final int ONE = 1 << 31;

    /** x^8. */
    private static final int BYTE = ONE >>> 8;

    /** By what one is multiplied when 1, 2, 4, 8 … bytes follow. */
    private static final int[] SHIFTS = new int[Integer.SIZE];

    static {
        SHIFTS[0] = BYTE;
        for (int i = 1; i < SHIFTS.length; i++) {
            SHIFTS[i] = multiply(SHIFTS[i - 1], SHIFTS[i - 1]);
        }
    }

    private Checksums() {}

    /** By what a checksum is multiplied when so many bytes follow. */
    static int shiftBy(int bytes) {
        int shift = ONE;
        for (int left = bytes; left != 0; left &= left - 1) {
            shift = multiply(shift, SHIFTS[Integer.numberOfTrailingZeros(left)]);
        }
        return shift;
    }

    /**
     * The remainder of one byte more. Of two texts of one length, whose bytes differ by these, the
     * checksums differ by the remainder of the differences, which begins with 0.
     */
    static int with(int remainder, int next) {
        return multiply(BYTE, remainder ^ next);
    }

    static int multiply(int one, int other) {
        int product = 0;
        int shifted = other;
        for (int left = one; left != 0; left <<= 1) {
            // Without branches: they would be taken by chance.
            product ^= shifted & (left >> 31);
            shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
        }
        return product;
    }
}
