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

    private Checksums() {}

    /** By what a checksum is multiplied when so many bytes follow. */
    static int shiftBy(int bytes) {
        int shift = ONE;
        int power = BYTE;
        for (int left = bytes; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                shift = multiply(shift, power);
            }
            power = multiply(power, power);
        }
        return shift;
    }

    static int multiply(int one, int other) {
        int product = 0;
        int shifted = other;
        for (int left = one; left != 0; left <<= 1) {
            if (left < 0) {
                product ^= shifted;
            }
            shifted = (shifted >>> 1) ^ ((shifted & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return product;
    }
}
