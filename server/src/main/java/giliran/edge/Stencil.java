package giliran.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A text in which nothing but some numbers ever changes, compressed once. When a number changes,
 * some digits are written into what is there already, compressed or not, and checksum and digest
 * are carried on from those before: however long the text is, a change costs the same.
 *
 * <p>For one thread at a time; its pieces are for any.
 */
public final class Stencil {
    /** Stands in the text for each digit that a number may have; a run of them is one number's. */
    public static final byte OPEN = Deflated.OPEN;

    private final byte[] text;
    private final Deflated deflated;

    /** Where in the text each number begins. */
    private final int[] at;

    /** How many open bytes there are before each number. */
    private final int[] openBefore;

    /** Not to be changed once a piece has them. */
    private int[] numbers;

    /** Not to be changed once a piece has them. */
    private byte[] written;

    private int crc;
    private long digestHigh;
    private long digestLow;

    /** Null until it is asked for, and again when a number has changed. */
    private @Nullable Piece piece;

    /**
     * Cuts a stencil, in which every number is 0.
     *
     * @param text not to be changed after; a number that is shorter than its room is followed by
     *     spaces
     */
    public Stencil(byte[] text) {
        this.text = text;
        int[] begins = new int[text.length];
        int[] opens = new int[text.length];
        int count = 0;
        int open = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == OPEN) {
                if (i == 0 || text[i - 1] != OPEN) {
                    begins[count] = i;
                    opens[count] = open;
                    count++;
                }
                open++;
            }
        }
        at = Arrays.copyOf(begins, count);
        openBefore = Arrays.copyOf(opens, count);
        numbers = new int[count];
        deflated = new Deflated(text);
        written = deflated.bytes();
        for (int first : openBefore) {
            deflated.exchange(written, first, (byte) ' ', (byte) '0');
        }
        CRC32 checksum = new CRC32();
        checksum.update(plain(numbers));
        crc = (int) checksum.getValue();
        ByteBuffer digest = ByteBuffer.wrap(Piece.sha256().digest(text));
        digestHigh = digest.getLong();
        digestLow = digest.getLong();
    }

    /** Whether there is room for a number. */
    public boolean fits(int index, int number) {
        return String.valueOf(number).length() <= room(index);
    }

    /**
     * Writes a number.
     *
     * @param index of the number, in the order of the text
     * @param number 0 or more
     * @throws IllegalArgumentException if it does not fit
     */
    public void fill(int index, int number) {
        if (numbers[index] == number) {
            return;
        }
        if (piece != null) {
            piece = null;
            numbers = numbers.clone();
            written = written.clone();
        }
        byte[] before = digits(index, numbers[index]);
        byte[] after = digits(index, number);
        int change = 0;
        for (int i = 0; i < after.length; i++) {
            deflated.exchange(written, openBefore[index] + i, before[i], after[i]);
            change = Checksums.with(change, before[i] ^ after[i]);
        }
        int bytesAfter = text.length - at[index] - after.length;
        crc ^= Checksums.multiply(change, Checksums.shiftBy(bytesAfter));
        long was = ((long) index << Integer.SIZE) | numbers[index];
        long is = ((long) index << Integer.SIZE) | number;
        digestHigh += mixed(is) - mixed(was);
        digestLow += mixed(~is) - mixed(~was);
        numbers[index] = number;
    }

    /** The text with the numbers as they are now. */
    public Piece piece() {
        Piece current = piece;
        if (current == null) {
            int[] shown = numbers;
            current =
                    new Piece(
                            () -> plain(shown),
                            text.length,
                            written,
                            ByteBuffer.allocate(Piece.DIGEST_BYTES)
                                    .putLong(digestHigh)
                                    .putLong(digestLow)
                                    .array(),
                            crc);
            piece = current;
        }
        return current;
    }

    private byte[] plain(int[] shown) {
        byte[] plain = text.clone();
        for (int i = 0; i < shown.length; i++) {
            byte[] digits = digits(i, shown[i]);
            System.arraycopy(digits, 0, plain, at[i], digits.length);
        }
        return plain;
    }

    private int room(int index) {
        int end = at[index];
        while (end < text.length && text[end] == OPEN) {
            end++;
        }
        return end - at[index];
    }

    private byte[] digits(int index, int number) {
        byte[] digits = String.valueOf(number).getBytes(US_ASCII);
        if (number < 0 || digits.length > room(index)) {
            throw new IllegalArgumentException("there is no room for " + number);
        }
        byte[] padded = new byte[room(index)];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(digits, 0, padded, 0, digits.length);
        return padded;
    }

    /**
     * All bits of a number thrown together (the finalizer of SplitMix64, Stafford's variant 13).
     */
    private static long mixed(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
