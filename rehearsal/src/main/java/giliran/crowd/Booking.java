package giliran.crowd;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** The bytes of requests for places, each with a key of its own. */
final class Booking {
    private static final byte[] SLOT = Post.ascii("{\"slot\":\"");
    private static final byte[] NEXT = Post.ascii("\",");

    private final Post post;
    private final Applicants applicants;
    private final byte[][] slots;
    private final SplittableRandom random;

    /**
     * @param slots their ids
     */
    Booking(String campaign, List<String> slots, Applicants applicants, SplittableRandom random) {
        post = new Post("/api/v1/campaigns/" + campaign + "/appointments");
        this.applicants = applicants;
        this.slots = slots.stream().map(Post::ascii).toArray(byte[][]::new);
        this.random = random;
    }

    /**
     * Writes a person's request.
     *
     * @param slot the number of the slot
     */
    void write(ByteBuffer out, int person, int slot) {
        byte[] members = applicants.members(person);
        post.write(
                out,
                random.nextLong(),
                SLOT.length + slots[slot].length + NEXT.length + members.length + 1);
        out.put(SLOT).put(slots[slot]).put(NEXT).put(members).put((byte) '}');
    }
}
