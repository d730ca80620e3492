package giliran.crowd;

import java.util.Arrays;

/** The passes of many people, packed: a million of them are held. */
public final class Passes implements Applicants {
    private static final int CHUNK_BITS = 24;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final long ABSENT = -1;
    private static final byte[] OPENING = Post.ascii("\"pass\":\"");
    private static final int LENGTH_BYTES = 2;

    private byte[][] chunks = new byte[0][];
    private final long[] places;
    private long end;
    private int count;

    Passes(int people) {
        places = new long[people];
        Arrays.fill(places, ABSENT);
    }

    @Override
    public int people() {
        return places.length;
    }

    /** How many have their pass. */
    int count() {
        return count;
    }

    /**
     * Keeps a person's pass.
     *
     * @param pass at most 32,767 bytes
     */
    void add(int person, byte[] pass) {
        int length = LENGTH_BYTES + pass.length;
        if (chunks.length == 0 || CHUNK - offset(end) < length) {
            end = (long) chunks.length << CHUNK_BITS;
            chunks = Arrays.copyOf(chunks, chunks.length + 1);
            chunks[chunks.length - 1] = new byte[CHUNK];
        }
        byte[] chunk = chunks[chunks.length - 1];
        int at = offset(end);
        chunk[at] = (byte) (pass.length >> Byte.SIZE);
        chunk[at + 1] = (byte) pass.length;
        System.arraycopy(pass, 0, chunk, at + LENGTH_BYTES, pass.length);
        places[person] = end;
        // The last byte of a chunk is never the beginning of a pass.
        end += length;
        count++;
    }

    @Override
    public byte[] members(int person) {
        byte[] chunk = chunks[(int) (places[person] >> CHUNK_BITS)];
        int at = offset(places[person]);
        int length = (chunk[at] << Byte.SIZE) + Byte.toUnsignedInt(chunk[at + 1]);
        byte[] members = Arrays.copyOf(OPENING, OPENING.length + length + 1);
        System.arraycopy(chunk, at + LENGTH_BYTES, members, OPENING.length, length);
        members[members.length - 1] = '"';
        return members;
    }

    private static int offset(long place) {
        return (int) (place & (CHUNK - 1));
    }
}
