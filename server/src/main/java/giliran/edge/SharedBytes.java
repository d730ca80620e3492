package giliran.edge;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Supplier;

/**
 * Bytes that are changed here and there, and of which every version can be kept: versions share
 * what did not change between them, so one costs as much as was changed.
 *
 * <p>For one thread at a time; its versions are for any.
 */
final class SharedBytes {
    private static final int CHUNK = 1_024;

    private final int length;
    private final byte[][] chunks;

    /** Which chunks the last version has, too: those are not to be changed. */
    private final BitSet kept = new BitSet();

    SharedBytes(byte[] bytes) {
        length = bytes.length;
        chunks = new byte[(length + CHUNK - 1) / CHUNK][];
        Arrays.setAll(
                chunks,
                i -> Arrays.copyOfRange(bytes, i * CHUNK, Math.min(length, (i + 1) * CHUNK)));
    }

    int length() {
        return length;
    }

    byte get(int at) {
        return chunks[at / CHUNK][at % CHUNK];
    }

    /** Changes the bits of a byte that are set in these. */
    void change(int at, int bits) {
        int chunk = at / CHUNK;
        if (kept.get(chunk)) {
            kept.clear(chunk);
            chunks[chunk] = chunks[chunk].clone();
        }
        chunks[chunk][at % CHUNK] ^= (byte) bits;
    }

    /** The bytes as they are now, whatever changes after; put together when they are asked for. */
    Supplier<byte[]> version() {
        byte[][] now = chunks.clone();
        kept.set(0, now.length);
        return () -> {
            byte[] whole = new byte[length];
            for (int i = 0; i < now.length; i++) {
                System.arraycopy(now[i], 0, whole, i * CHUNK, now[i].length);
            }
            return whole;
        };
    }
}
