package giliran.crowd;

import giliran.load.Answer;
import giliran.load.Traffic;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** One person after another asks for a place, in a slot drawn by lot. */
public final class BookPlaces implements Traffic {
    private final Booking booking;
    private final int people;
    private final int slots;
    private final boolean isRepeated;
    private final SplittableRandom random;
    private int next;

    /**
     * @param isRepeated whether all come again, with new keys, after the last of them
     */
    BookPlaces(
            String campaign,
            List<String> slots,
            Applicants applicants,
            boolean isRepeated,
            SplittableRandom random) {
        booking = new Booking(campaign, slots, applicants, random);
        people = applicants.people();
        this.slots = slots.size();
        this.isRepeated = isRepeated;
        this.random = random;
    }

    @Override
    public int next(ByteBuffer out) {
        if (next == people && isRepeated) {
            next = 0;
        }
        if (next == people) {
            return NOTHING;
        }
        booking.write(out, next, random.nextInt(slots));
        return next++;
    }

    @Override
    public void answered(int number, Answer answer) {
        // The tally counts it, and nobody here does anything with a place.
    }
}
