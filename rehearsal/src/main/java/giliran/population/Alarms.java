package giliran.population;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * When each person does something next: a wheel of milliseconds in which everyone is a link, so
 * that millions of alarms take eight bytes each and no object. Nobody has two.
 */
final class Alarms {
    private static final int NOBODY = -1;
    private static final int WHEEL = 1 << 16;
    private static final int AT_ONCE_MAX = 2_000;

    private final int[] heads = new int[WHEEL];
    private final int[] next;
    private final int[] at;
    private int now;

    Alarms(int people) {
        next = new int[people];
        at = new int[people];
        Arrays.fill(heads, NOBODY);
    }

    /** Sets a person's alarm, to the next millisecond at the earliest. */
    void set(int person, int millis) {
        at[person] = Math.max(millis, now + 1);
        int bucket = Math.min(at[person], now + WHEEL - 1) & (WHEEL - 1);
        next[person] = heads[bucket];
        heads[bucket] = person;
    }

    /** For which moment a person's alarm was set last. */
    int at(int person) {
        return at[person];
    }

    /**
     * Wakes those whose time has come, though not all at once if they are many.
     *
     * @return whether nobody is left whose time has come
     */
    boolean ring(int until, IntConsumer wake) {
        int woken = 0;
        while (now < until) {
            if (woken >= AT_ONCE_MAX) {
                return false;
            }
            int bucket = (now + 1) & (WHEEL - 1);
            int person = heads[bucket];
            heads[bucket] = NOBODY;
            now++;
            while (person != NOBODY) {
                int following = next[person];
                if (at[person] > now) {
                    set(person, at[person]);
                } else {
                    wake.accept(person);
                    woken++;
                }
                person = following;
            }
        }
        return true;
    }
}
