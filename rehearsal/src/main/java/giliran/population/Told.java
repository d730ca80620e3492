package giliran.population;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What people were told to have: the reference and the slot of each place, and what became of it.
 * Moments are milliseconds on the rehearsal's clock.
 */
final class Told {
    private static final long NONE = -1;

    /** Of a person who moved, or gave a place back. */
    static final class Change {
        private final int fromSlot;
        private final int told;
        private final boolean isCancelled;

        private Change(int fromSlot, int told, boolean isCancelled) {
            this.fromSlot = fromSlot;
            this.told = told;
            this.isCancelled = isCancelled;
        }

        /** The slot that was left. */
        int fromSlot() {
            return fromSlot;
        }

        /** When the person was told that it is so. */
        int told() {
            return told;
        }

        boolean isCancelled() {
            return isCancelled;
        }
    }

    private final long[] references;
    private final char[] slots;
    private final int[] toldAt;
    private final Map<Integer, Change> changes = new HashMap<>();
    private final Map<Integer, byte[]> tokens = new HashMap<>();

    Told(int people) {
        references = new long[people];
        Arrays.fill(references, NONE);
        slots = new char[people];
        toldAt = new int[people];
    }

    int people() {
        return references.length;
    }

    void booked(int person, long reference, int slot, int at) {
        references[person] = reference;
        slots[person] = (char) slot;
        toldAt[person] = at;
    }

    void moved(int person, int to, int at) {
        changes.put(person, new Change(slots[person], at, false));
        slots[person] = (char) to;
    }

    void cancelled(int person, int at) {
        changes.put(person, new Change(slots[person], at, true));
    }

    /** Keeps the secret by which somebody will cancel or move. */
    void keepToken(int person, byte[] token) {
        tokens.put(person, token);
    }

    byte[] token(int person) {
        byte[] token = tokens.get(person);
        if (token == null) {
            throw new IllegalStateException("no token of person " + person);
        }
        return token;
    }

    /** Whether somebody was ever told to have a place. */
    boolean hadPlace(int person) {
        return references[person] != NONE;
    }

    /** Whether somebody has a place, as far as the person knows. */
    boolean hasPlace(int person) {
        return hadPlace(person) && !isCancelled(person);
    }

    boolean isCancelled(int person) {
        Change change = changes.get(person);
        return change != null && change.isCancelled;
    }

    /** The sixteen digits as a number. */
    long reference(int person) {
        return references[person];
    }

    int slot(int person) {
        return slots[person];
    }

    int toldAt(int person) {
        return toldAt[person];
    }

    /** All changes, by person. */
    Map<Integer, Change> changes() {
        return changes;
    }
}
