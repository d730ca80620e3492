package giliran.crowd;

import giliran.load.Answer;
import giliran.load.Traffic;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Everyone asks for a place until they have one or have heard of every slot that it is gone:
 * whoever is told so asks for another slot.
 */
public final class SellOut implements Traffic {
    private static final String GONE = "place-gone";

    private static final int TOLD_EVERY = 100_000;

    private final Booking booking;
    private final int[] asked;
    private final List<Integer> notKnownGone;
    private final int slots;
    private final Deque<Integer> comeAgain = new ArrayDeque<>();
    private final SplittableRandom random;
    private final Consumer<String> progress;
    private int next;
    private long booked;
    private long refused;
    private long firstAskedAt;
    private long lastBookedAt;
    private long otherwise;

    /**
     * @param applicants more than there are places, by more than ask at once
     */
    SellOut(
            String campaign,
            List<String> slots,
            Applicants applicants,
            SplittableRandom random,
            Consumer<String> progress) {
        booking = new Booking(campaign, slots, applicants, random);
        asked = new int[applicants.people()];
        this.slots = slots.size();
        notKnownGone = new ArrayList<>(IntStream.range(0, slots.size()).boxed().toList());
        this.random = random;
        this.progress = progress;
    }

    @Override
    public int next(ByteBuffer out) {
        Integer person = comeAgain.poll();
        if (person == null) {
            if (next == asked.length) {
                return NOTHING;
            }
            if (next == 0) {
                firstAskedAt = System.nanoTime();
            }
            person = next++;
        }
        int slot =
                notKnownGone.isEmpty()
                        ? random.nextInt(slots)
                        : notKnownGone.get(random.nextInt(notKnownGone.size()));
        asked[person] = slot;
        booking.write(out, person, slot);
        return person;
    }

    @Override
    public void answered(int person, Answer answer) {
        if (answer.status() == 201) {
            booked++;
            lastBookedAt = System.nanoTime();
            if (booked % TOLD_EVERY == 0) {
                progress.accept("  %,d booked".formatted(booked));
            }
        } else if (answer.problem().equals(GONE)) {
            refused++;
            notKnownGone.remove(Integer.valueOf(asked[person]));
            if (!notKnownGone.isEmpty()) {
                comeAgain.add(person);
            }
        } else {
            otherwise++;
        }
    }

    @Override
    public void lost(int person) {
        otherwise++;
    }

    /** How often somebody was told to have a place. */
    public long booked() {
        return booked;
    }

    /** From the first request to the last place. */
    public double seconds() {
        return (lastBookedAt - firstAskedAt) / 1e9;
    }

    /** How often somebody heard that a place is gone. */
    public long refused() {
        return refused;
    }

    /** Answers that should not have come, or did not come. */
    public long otherwise() {
        return otherwise;
    }
}
