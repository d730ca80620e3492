package giliran.population;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Every time that somebody was told of a slot that nothing is left in it, and since when a place
 * must have been free for that to be false.
 *
 * <p>An answer may be a second older than the question. While the database is away, because we
 * killed it, a list may be older still if it says so: then it is held to the moment that it names.
 */
final class GoneSaid {
    /** How old a published answer is at most at the origin, as the contract says. */
    private static final int STALENESS_MILLIS = 1_000;

    /** For so long after a kill of ours the database may be away. */
    private static final int AWAY_MILLIS = 60_000;

    private static final int FIRST = 1_024;
    private static final int FIELDS = 4;

    /**
     * A published list.
     *
     * @param gone the slots of which it says that nothing is left, from the first slot on
     */
    private record Published(int first, BitSet gone, int since, int answered) {}

    private final List<Published> lists = new ArrayList<>();

    /** Slot, since when, moment of the answer, person; and so on. */
    private int[] refusals = new int[FIRST * FIELDS];

    private int refused;

    private final int[] databaseKilledAt;

    /**
     * @param databaseKilledAt when we kill the database, on the clock of all other moments
     */
    GoneSaid(int... databaseKilledAt) {
        this.databaseKilledAt = databaseKilledAt.clone();
    }

    /**
     * Hears of a refusal.
     *
     * @param asked when the question was sent
     */
    void byRefusal(int slot, int asked, int answered, int person) {
        int at = refused * FIELDS;
        if (at == refusals.length) {
            refusals = Arrays.copyOf(refusals, 2 * at);
        }
        refusals[at] = slot;
        refusals[at + 1] = asked - STALENESS_MILLIS;
        refusals[at + 2] = answered;
        refusals[at + 3] = person;
        refused++;
    }

    /**
     * Hears of a list, of the slots from a first one to an end.
     *
     * @param asked when it was asked for
     * @param asOf when it was last compared with the ledger, as it says itself
     */
    void byList(int first, int end, int[] remaining, int asked, int asOf, int answered) {
        BitSet gone = new BitSet(end - first);
        for (int slot = first; slot < end; slot++) {
            gone.set(slot - first, remaining[slot] == 0);
        }
        int since = asked - STALENESS_MILLIS;
        if (mayBeAway(asked)) {
            since = Math.min(since, asOf);
        }
        lists.add(new Published(first, gone, since, answered));
    }

    private boolean mayBeAway(int moment) {
        return Arrays.stream(databaseKilledAt)
                .anyMatch(killed -> moment >= killed && moment < killed + AWAY_MILLIS);
    }

    /** Whoever hears about it. */
    @FunctionalInterface
    interface Listener {
        /**
         * Hears that nothing was said to be left.
         *
         * @param since if a place was free from then until it was answered, it was false
         * @param person who was told; -1 if it was the published list
         */
        void said(int slot, int since, int answered, int person);
    }

    /** Tells of everything that was said. */
    void forEach(Listener listener) {
        for (int i = 0; i < refused * FIELDS; i += FIELDS) {
            listener.said(refusals[i], refusals[i + 1], refusals[i + 2], refusals[i + 3]);
        }
        for (Published list : lists) {
            for (int slot = list.gone.nextSetBit(0);
                    slot >= 0;
                    slot = list.gone.nextSetBit(slot + 1)) {
                listener.said(list.first + slot, list.since, list.answered, -1);
            }
        }
    }
}
