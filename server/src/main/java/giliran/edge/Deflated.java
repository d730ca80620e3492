package giliran.edge;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A text that was compressed while some of its bytes were still open, so that they can be written
 * later, and again and again, without compressing anything.
 *
 * <p>It is one block of RFC 1951 with a Huffman code of its own, ended on a byte's boundary so that
 * another may follow. Two things keep the open bytes apart from all others: no repetition is taken
 * from them or reaches over them, so each is written by itself; and all that may stand there, the
 * digits and the space, have codes of one length, so that another digit is some other bits in the
 * same place.
 */
final class Deflated {
    /** Stands in a text where a digit or a space will. */
    static final byte OPEN = 0;

    private static final String FILLERS = " 0123456789";

    private static final int WINDOW = 32_768;
    private static final int REPEATED_MIN = 6;
    private static final int REPEATED_MAX = 258;
    private static final int HASHED = 4;

    /**
     * How many bytes less may be repeated from where it was repeated last: that takes fewer bits.
     */
    private static final int NEAR_SAVES = 4;

    private static final int HASH_BITS = 15;

    private static final int END_OF_BLOCK = 256;
    private static final int LITERALS = 286;
    private static final int DISTANCES = 30;

    /** The least that repetitions are long or far away, by their symbols (RFC 1951, 3.2.5). */
    private static final int[] LENGTHS_FROM = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258
    };

    private static final int[] DISTANCES_FROM = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12_289, 16_385, 24_577
    };

    private final byte[] text;

    /** What the text is made of: a byte, or a repetition as {@code -(length << 16 | distance)}. */
    private int[] parts = new int[256];

    private int partCount;

    private final PrefixCode literals;
    private final PrefixCode distances;

    private byte[] bytes = new byte[256];
    private int bitCount;

    /** Where the open bytes are, in order. */
    private final int[] openAt;

    private int openCount;

    private final SharedBytes written;

    /**
     * Compresses a text, with spaces where it is open.
     *
     * @param text with {@link #OPEN} where it is open, and nowhere else
     */
    Deflated(byte[] text) {
        this.text = text;
        findRepetitions();
        int[] literalUses = new int[LITERALS];
        int[] distanceUses = new int[DISTANCES];
        literalUses[END_OF_BLOCK] = 1;
        for (int i = 0; i < partCount; i++) {
            int part = parts[i];
            if (part < 0) {
                literalUses[END_OF_BLOCK + 1 + symbol(LENGTHS_FROM, -part >>> 16)]++;
                distanceUses[symbol(DISTANCES_FROM, -part & 0xFFFF)]++;
            } else {
                literalUses[part == OPEN ? ' ' : part]++;
            }
        }
        literals = new PrefixCode(literalUses, FILLERS.chars().toArray());
        distances = new PrefixCode(distanceUses);
        openAt = new int[(int) Arrays.stream(parts, 0, partCount).filter(p -> p == OPEN).count()];
        write();
        written = new SharedBytes(Arrays.copyOf(bytes, bitCount / Byte.SIZE));
        parts = new int[0];
        bytes = new byte[0];
    }

    /** How long the block is. */
    int length() {
        return written.length();
    }

    /** The block with what it is filled with now. */
    Supplier<byte[]> version() {
        return written.version();
    }

    /** Writes a filler in another's place. */
    void exchange(int open, byte before, byte after) {
        int bits = (literals.bits(before) ^ literals.bits(after)) << (openAt[open] % Byte.SIZE);
        for (int at = openAt[open] / Byte.SIZE; bits != 0; at++) {
            written.change(at, bits);
            bits >>>= Byte.SIZE;
        }
    }

    private void findRepetitions() {
        int[] lastAt = new int[1 << HASH_BITS];
        Arrays.fill(lastAt, -WINDOW - 1);
        int distance = 1;
        int at = 0;
        while (at < text.length) {
            int last = at + HASHED > text.length ? -WINDOW - 1 : lastAt[hash(at)];
            int length = at - last > WINDOW ? 0 : repeated(at - last, at);
            if (repeated(distance, at) >= length - NEAR_SAVES) {
                length = repeated(distance, at);
            } else if (repeated(distance, at + 1) >= length - NEAR_SAVES) {
                length = 0;
            } else {
                distance = at - last;
            }
            boolean isWorth = length >= REPEATED_MIN;
            add(isWorth ? -((length << 16) | distance) : text[at] & 0xFF);
            for (int end = at + (isWorth ? length : 1); at < end; at++) {
                if (at + HASHED <= text.length) {
                    lastAt[hash(at)] = at;
                }
            }
        }
    }

    private int hash(int at) {
        int four =
                (text[at] << 24)
                        | ((text[at + 1] & 0xFF) << 16)
                        | ((text[at + 2] & 0xFF) << 8)
                        | (text[at + 3] & 0xFF);
        return (four * 0x9E3779B1) >>> (Integer.SIZE - HASH_BITS);
    }

    /** How many bytes are the same so far before, up to the first that is open. */
    private int repeated(int distance, int at) {
        int max = distance > at ? 0 : Math.min(REPEATED_MAX, text.length - at);
        int length = 0;
        while (length < max
                && text[at - distance + length] == text[at + length]
                && text[at + length] != OPEN) {
            length++;
        }
        return length;
    }

    private void add(int part) {
        if (partCount == parts.length) {
            parts = Arrays.copyOf(parts, partCount * 2);
        }
        parts[partCount] = part;
        partCount++;
    }

    private static int symbol(int[] from, int value) {
        int found = Arrays.binarySearch(from, value);
        return found < 0 ? -found - 2 : found;
    }

    private void write() {
        write(0b100, 3); // Not the last block, and with codes of its own.
        write(LITERALS - 257, 5);
        write(DISTANCES - 1, 5);
        // The lengths of codes are written as they are, in four bits each.
        write(19 - 4, 4);
        for (int i = 0; i < 19; i++) {
            write(i < 3 ? 0 : 4, 3);
        }
        writeLengths(literals, LITERALS);
        writeLengths(distances, DISTANCES);
        for (int i = 0; i < partCount; i++) {
            write(parts[i]);
        }
        write(literals, END_OF_BLOCK);
        write(0, 3); // An empty block of bytes as they are begins on a byte's boundary.
        write(0, -bitCount & 7);
        write(0xFFFF_0000, Integer.SIZE);
    }

    private void writeLengths(PrefixCode code, int symbols) {
        for (int i = 0; i < symbols; i++) {
            write(Integer.reverse(code.length(i)) >>> 28, 4);
        }
    }

    private void write(PrefixCode code, int symbol) {
        write(code.bits(symbol), code.length(symbol));
    }

    private void write(int part) {
        if (part > OPEN) {
            write(literals, part);
        } else if (part == OPEN) {
            openAt[openCount] = bitCount;
            openCount++;
            write(literals, ' ');
        } else {
            int length = symbol(LENGTHS_FROM, -part >>> 16);
            write(literals, END_OF_BLOCK + 1 + length);
            // The longest has a symbol of its own, before its turn.
            int lengthBits = length < 8 || length == 28 ? 0 : (length - 4) / 4;
            write((-part >>> 16) - LENGTHS_FROM[length], lengthBits);
            int distance = symbol(DISTANCES_FROM, -part & 0xFFFF);
            write(distances, distance);
            write((-part & 0xFFFF) - DISTANCES_FROM[distance], distance < 4 ? 0 : distance / 2 - 1);
        }
    }

    /** The lowest bit first. */
    private void write(int bits, int count) {
        if (bitCount + Long.SIZE > bytes.length * Byte.SIZE) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        long shifted = (bits & (-1L >>> (Long.SIZE - count))) << (bitCount % Byte.SIZE);
        for (int at = bitCount / Byte.SIZE; shifted != 0; at++) {
            bytes[at] |= (byte) shifted;
            shifted >>>= Byte.SIZE;
        }
        bitCount += count;
    }
}
