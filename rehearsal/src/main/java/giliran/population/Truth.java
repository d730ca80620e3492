package giliran.population;

import giliran.population.Promises.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares what everybody was told with what {@code audit --appointments} wrote, both ways, and
 * with the history of every slot that follows from it.
 *
 * <p>When a place was certainly free: a booking counts from {@code taken_at}, which is before its
 * COMMIT, and a place that was given back counts as free from the moment at which the person was
 * told so, which is after it. So nobody is accused wrongly, however long a COMMIT took.
 */
final class Truth {
    private static final int NOBODY = -1;

    private final Told told;
    private final Slots slots;
    private final Promises promises;
    private final long startEpochMillis;
    private final Map<String, Integer> slotNumbers = new HashMap<>();
    private final References people;

    /** By slot, how many live appointments there are, and how many people were told of one. */
    private final int[] live;

    private final boolean[] isThere;
    private final List<Moments> occupied = new ArrayList<>();
    private long sold;

    /** Moments at which a slot's places were taken, or certainly free again. */
    private static final class Moments {
        private long[] events = new long[16];
        private int count;

        /** In order of time, those that take a place before those that give one back. */
        void add(long millis, boolean isFreed) {
            if (count == events.length) {
                events = Arrays.copyOf(events, 2 * count);
            }
            events[count++] = (millis << 1) | (isFreed ? 1 : 0);
        }

        /** The beginnings and ends of the times in which fewer than so many are taken. */
        long[] freeTimes(int capacity) {
            Arrays.sort(events, 0, count);
            long[] times = new long[count + 2];
            int length = 0;
            int taken = 0;
            boolean isFree = capacity > 0;
            if (isFree) {
                times[length++] = Long.MIN_VALUE;
            }
            for (int i = 0; i < count; i++) {
                taken += (events[i] & 1) == 0 ? 1 : -1;
                if (isFree != (taken < capacity)) {
                    isFree = !isFree;
                    times[length++] = events[i] >> 1;
                }
            }
            if (isFree) {
                times[length++] = Long.MAX_VALUE;
            }
            return Arrays.copyOf(times, length);
        }
    }

    /** Who was told which reference. */
    private static final class References {
        private static final long NONE = -1;

        private final long[] keys;
        private final int[] people;

        References(int most) {
            int size = Integer.highestOneBit(Math.max(1, most)) << 2;
            keys = new long[size];
            people = new int[size];
            Arrays.fill(keys, NONE);
        }

        /** Adds one, and returns who had it before; {@link #NOBODY} if nobody. */
        int add(long reference, int person) {
            int at = place(reference);
            if (keys[at] == reference) {
                return people[at];
            }
            keys[at] = reference;
            people[at] = person;
            return NOBODY;
        }

        int find(long reference) {
            int at = place(reference);
            return keys[at] == reference ? people[at] : NOBODY;
        }

        private int place(long reference) {
            int at = (int) ((reference * 0x9E3779B97F4A7C15L) >>> 20) & (keys.length - 1);
            while (keys[at] != NONE && keys[at] != reference) {
                at = (at + 1) & (keys.length - 1);
            }
            return at;
        }
    }

    /**
     * @param startEpochMillis the moment 0 of the rehearsal's clock
     */
    Truth(Told told, Slots slots, Promises promises, long startEpochMillis) {
        this.told = told;
        this.slots = slots;
        this.promises = promises;
        this.startEpochMillis = startEpochMillis;
        live = new int[slots.count()];
        isThere = new boolean[told.people()];
        for (int slot = 0; slot < slots.count(); slot++) {
            slotNumbers.put(slots.id(slot), slot);
            occupied.add(new Moments());
        }
        int placesTold = 0;
        for (int person = 0; person < told.people(); person++) {
            placesTold += told.hadPlace(person) ? 1 : 0;
        }
        people = new References(placesTold);
        for (int person = 0; person < told.people(); person++) {
            if (told.hadPlace(person)) {
                int other = people.add(told.reference(person), person);
                if (other != NOBODY) {
                    promises.broken(
                            Promise.SOLD_ONCE,
                            person,
                            "was told the same appointment as person %d: %s"
                                    .formatted(other, words(person)));
                }
            }
        }
    }

    /**
     * Compares everything.
     *
     * @param csv the lines of the audit's file, its heading first
     * @return how many places are sold
     */
    long compare(Stream<String> csv, GoneSaid goneSaid) {
        csv.skip(1).forEach(this::compareRow);
        compareTold();
        compareGone(goneSaid);
        return sold;
    }

    private void compareRow(String line) {
        String[] cells = line.split(",", -1);
        Integer slot = slotNumbers.get(cells[3]);
        if (slot == null) {
            // Of another campaign.
            return;
        }
        String state = cells[4];
        boolean isLive = state.equals("booked");
        if (isLive) {
            live[slot]++;
            sold++;
        }
        long taken = millis(cells[5]);
        int person = people.find(Long.parseLong(cells[0]));
        if (person == NOBODY) {
            promises.broken(
                    Promise.TOLD_TO_SOMEBODY,
                    "reference %s, slot %s, %s since %s"
                            .formatted(cells[0], cells[3], state, cells[5]));
            occupied.get(slot).add(taken, false);
            return;
        }
        if (isThere[person]) {
            promises.broken(Promise.THERE_ONCE, person, "twice in the audit: " + words(person));
        }
        isThere[person] = true;
        if (slot != told.slot(person) || isLive == told.isCancelled(person)) {
            promises.broken(
                    Promise.TOLD_AND_THERE,
                    person,
                    "is there as %s in slot %s: %s".formatted(state, cells[3], words(person)));
        }
        Told.Change change = told.changes().get(person);
        if (change == null) {
            occupied.get(slot).add(taken, false);
            return;
        }
        occupied.get(change.fromSlot()).add(taken, false);
        occupied.get(change.fromSlot()).add(change.told(), true);
        if (!change.isCancelled()) {
            occupied.get(slot).add(millis(cells[6]), false);
        }
    }

    private long millis(String time) {
        return Instant.parse(time).toEpochMilli() - startEpochMillis;
    }

    private void compareTold() {
        int[] toldOf = new int[slots.count()];
        for (int person = 0; person < told.people(); person++) {
            if (!told.hadPlace(person)) {
                continue;
            }
            if (!isThere[person] && people.find(told.reference(person)) == person) {
                promises.broken(Promise.TOLD_AND_THERE, person, "is not there: " + words(person));
            }
            if (told.hasPlace(person)) {
                toldOf[told.slot(person)]++;
            }
        }
        for (int slot = 0; slot < slots.count(); slot++) {
            int capacity = slots.capacity(slot);
            if (live[slot] > capacity || toldOf[slot] > capacity) {
                promises.broken(
                        Promise.SOLD_ONCE,
                        "slot %s has %d places; %d people were told to have one, and %d have"
                                .formatted(slots.id(slot), capacity, toldOf[slot], live[slot]));
            }
        }
    }

    private void compareGone(GoneSaid goneSaid) {
        long[][] free = new long[slots.count()][];
        for (int slot = 0; slot < free.length; slot++) {
            free[slot] = occupied.get(slot).freeTimes(slots.capacity(slot));
        }
        goneSaid.forEach(
                (slot, since, answered, person) -> {
                    if (wasFree(free[slot], since, answered)) {
                        String what =
                                "slot %s, free from %.3f s at the latest, and said to be gone at %.3f s"
                                        .formatted(slots.id(slot), since / 1e3, answered / 1e3);
                        if (person == NOBODY) {
                            promises.broken(Promise.GONE_IS_GONE, "the published list: " + what);
                        } else {
                            promises.broken(Promise.GONE_IS_GONE, person, what);
                        }
                    }
                });
    }

    /** Whether a place was free all the time. */
    private static boolean wasFree(long[] times, long from, long to) {
        for (int i = 0; i < times.length; i += 2) {
            if (times[i] <= from && times[i + 1] > to) {
                return true;
            }
        }
        return false;
    }

    private String words(int person) {
        return "told at %.3f s: reference %016d, slot %s, %s"
                .formatted(
                        told.toldAt(person) / 1e3,
                        told.reference(person),
                        slots.id(told.slot(person)),
                        told.isCancelled(person) ? "cancelled" : "booked");
    }
}
