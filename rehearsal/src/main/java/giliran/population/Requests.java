package giliran.population;

import giliran.crowd.Applicants;
import giliran.crowd.Passes;
import giliran.crowd.Population;
import giliran.crowd.Post;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of people's requests, each with the address that a proxy would name. */
final class Requests {
    private static final byte[] FROM = Post.ascii("X-Forwarded-For: ");
    private static final byte[] END = Post.ascii("\r\n\r\n");
    private static final byte[] SLOT = Post.ascii("{\"slot\":\"");
    private static final byte[] NEXT = Post.ascii("\",");
    private static final byte[] LAST = Post.ascii("\"}");

    private final Slots slots;
    private final Characters characters;
    private final Passes passes;
    private final Population people;
    private final Post book;
    private final byte[][] lists;

    /**
     * @param passes of the first people
     * @param people for all others
     */
    Requests(
            String campaign,
            int regions,
            Slots slots,
            Characters characters,
            Passes passes,
            Population people) {
        this.slots = slots;
        this.characters = characters;
        this.passes = passes;
        this.people = people;
        book = new Post("/api/v1/campaigns/" + campaign + "/appointments");
        lists = new byte[regions][];
        for (int region = 0; region < regions; region++) {
            lists[region] =
                    Post.ascii(
                            "GET "
                                    + slots.listPath(campaign, region)
                                    + " HTTP/1.1\r\nHost: giliran\r\nAccept-Encoding: gzip\r\n");
        }
    }

    void readList(ByteBuffer out, int person, int region) {
        out.put(lists[region]);
        sentBy(out, person);
        out.put(END);
    }

    /**
     * @param key the same for the same wish
     */
    void book(ByteBuffer out, int person, int slot, long key) {
        Applicants applicants = person < passes.people() ? passes : people;
        byte[] members = applicants.members(person);
        byte[] id = slots.idBytes(slot);
        book.write(
                out,
                key,
                characters.address(person),
                SLOT.length + id.length + NEXT.length + members.length + 1);
        out.put(SLOT).put(id).put(NEXT).put(members).put((byte) '}');
    }

    /**
     * @param token the secret of the appointment
     */
    void move(ByteBuffer out, int person, byte[] token, int slot, long key) {
        byte[] id = slots.idBytes(slot);
        new Post(path(token) + "/move")
                .write(out, key, characters.address(person), SLOT.length + id.length + LAST.length);
        out.put(SLOT).put(id).put(LAST);
    }

    void cancel(ByteBuffer out, int person, byte[] token) {
        out.put(Post.ascii("DELETE " + path(token) + " HTTP/1.1\r\nHost: giliran\r\n"));
        sentBy(out, person);
        out.put(END);
    }

    private static String path(byte[] token) {
        return "/api/v1/appointments/" + new String(token, StandardCharsets.US_ASCII);
    }

    private void sentBy(ByteBuffer out, int person) {
        out.put(FROM);
        Post.writeAddress(out, characters.address(person));
    }
}
