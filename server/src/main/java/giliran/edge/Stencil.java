package giliran.edge;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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

    /** How many open bytes there are before each number, and at last how many there are. */
    private final int[] openBefore;

    /** By what the checksum of a change is multiplied, for the bytes that follow each number. */
    private final int[] shifts;

    /** What stands where the text is open. */
    private final SharedBytes filled;

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
        int[] open = IntStream.range(0, text.length).filter(i -> text[i] == OPEN).toArray();
        deflated = new Deflated(text);
        openBefore =
                IntStream.rangeClosed(0, open.length)
                        .filter(i -> i == 0 || i == open.length || open[i - 1] + 1 < open[i])
                        .toArray();
        int count = openBefore.length - 1;
        shifts = new int[count];
        int shift = Checksums.shiftBy(0);
        int end = text.length;
        for (int i = count - 1; i >= 0; i--) {
            int endOfNumber = open[openBefore[i + 1] - 1] + 1;
            shift = Checksums.multiply(shift, Checksums.shiftBy(end - endOfNumber));
            shifts[i] = shift;
            end = endOfNumber;
        }
        byte[] zeros = new byte[open.length];
        Arrays.fill(zeros, (byte) ' ');
        for (int i = 0; i < count; i++) {
            zeros[openBefore[i]] = '0';
            deflated.exchange(openBefore[i], (byte) ' ', (byte) '0');
        }
        filled = new SharedBytes(zeros);
        CRC32 checksum = new CRC32();
        checksum.update(plain(zeros));
        crc = (int) checksum.getValue();
        ByteBuffer digest = ByteBuffer.wrap(Piece.sha256().digest(text));
        digestHigh = digest.getLong();
        digestLow = digest.getLong();
    }

    /**
     * Writes a number, if there is room for it.
     *
     * @param index of the number, in the order of the text
     * @param number 0 or more
     * @return whether there is
     */
    public boolean fill(int index, int number) {
        if (number < 0) {
            throw new IllegalArgumentException("a number is 0 or more");
        }
        String digits = String.valueOf(number);
        int from = openBefore[index];
        int room = openBefore[index + 1] - from;
        if (digits.length() > room) {
            return false;
        }
        int change = 0;
        for (int i = 0; i < room; i++) {
            byte before = filled.get(from + i);
            byte after = (byte) (i < digits.length() ? digits.charAt(i) : ' ');
            change = Checksums.with(change, before ^ after);
            if (before != after) {
                exchange(from + i, before, after);
            }
        }
        crc ^= Checksums.multiply(change, shifts[index]);
        return true;
    }

    private void exchange(int open, byte before, byte after) {
        piece = null;
        filled.change(open, before ^ after);
        deflated.exchange(open, before, after);
        long was = ((long) open << Byte.SIZE) | before;
        long is = ((long) open << Byte.SIZE) | after;
        digestHigh += mixed(is) - mixed(was);
        digestLow += mixed(~is) - mixed(~was);
    }

    /** The text with the numbers as they are now. */
    public Piece piece() {
        Piece current = piece;
        if (current == null) {
            Supplier<byte[]> shown = filled.version();
            current =
                    new Piece(
                            () -> plain(shown.get()),
                            text.length,
                            deflated.version(),
                            deflated.length(),
                            ByteBuffer.allocate(Piece.DIGEST_BYTES)
                                    .putLong(digestHigh)
                                    .putLong(digestLow)
                                    .array(),
                            crc);
            piece = current;
        }
        return current;
    }

    private byte[] plain(byte[] shown) {
        byte[] plain = text.clone();
        int at = 0;
        for (byte each : shown) {
            while (plain[at] != OPEN) {
                at++;
            }
            plain[at] = each;
        }
        return plain;
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
