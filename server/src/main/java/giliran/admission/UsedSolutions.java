package giliran.admission;

import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Remembers which solutions were handed in, until they expire and are refused for that.
 *
 * <p>Bounded: when it is full, those that expire first are forgotten early, and from then on all
 * that expire as soon as they are refused. So under an extreme load solutions live shorter, and
 * none is good twice. All times are in seconds since the epoch.
 */
final class UsedSolutions {
    private final int keptMax;
    private final NavigableMap<Long, Set<Long>> byExpiry = new TreeMap<>();
    private int kept;
    private long forgottenUpTo = Long.MIN_VALUE;

    UsedSolutions(int keptMax) {
        this.keptMax = keptMax;
    }

    /**
     * Whether this is the solution's first use, which it then was.
     *
     * @param solution its name: 64 bits of a hash, so that two share one by chance only
     * @param now before {@code expires}
     * @param latest the last time of expiry that can come now, {@code expires} or after
     */
    synchronized boolean use(long solution, long expires, long now, long latest) {
        if (isUsed(solution, expires, now, latest)) {
            return false;
        }
        byExpiry.computeIfAbsent(expires, k -> new HashSet<>()).add(solution);
        kept++;
        while (kept > keptMax) {
            forgottenUpTo = byExpiry.firstKey();
            forget(byExpiry.headMap(forgottenUpTo, true));
        }
        return true;
    }

    /** Whether {@link #use} would find that it is not the first use; changes nothing of that. */
    synchronized boolean isUsed(long solution, long expires, long now, long latest) {
        forget(byExpiry.headMap(now, true));
        // Only a clock that was set back leaves any of these; they are refused by their time.
        forget(byExpiry.tailMap(latest, false));
        if (forgottenUpTo > latest) {
            forgottenUpTo = Long.MIN_VALUE;
        }
        return expires <= forgottenUpTo
                || byExpiry.getOrDefault(expires, Set.of()).contains(solution);
    }

    private void forget(SortedMap<Long, Set<Long>> part) {
        kept -= part.values().stream().mapToInt(Set::size).sum();
        part.clear();
    }

    /** How many are remembered. */
    synchronized int kept() {
        return kept;
    }
}
