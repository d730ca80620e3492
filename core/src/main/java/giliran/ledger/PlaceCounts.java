package giliran.ledger;

import giliran.campaigns.CentreId;
import giliran.store.Database;
import giliran.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/**
 * The counters of every place as they were last read: what is published, and a hint for whoever
 * decides. A ledger names the places that it changed, and only those are read again; of the others
 * only sums are, in turn.
 *
 * <p>Reading is for one thread at a time; looking is for any.
 */
public final class PlaceCounts {
    /** How long it may be said that a place is gone after it was seen so. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final int READINGS_PER_ROUND = 40;

    private final Database database;
    private final Map<PlaceId, PlaceCount> counts = new ConcurrentHashMap<>();

    /** When what was read last was asked for. */
    private volatile long readAtNanos;

    private final Set<PlaceId> touched = ConcurrentHashMap.newKeySet();

    /** Changed, and not returned yet. */
    private Map<PlaceId, PlaceCount> untold = new HashMap<>();

    /**
     * Of all counters of a centre, weighted so that no two changes are likely to hide each other.
     */
    private final Map<CentreId, Long> sums = new ConcurrentHashMap<>();

    /** The centres that are still to be looked at in this round. */
    private Iterator<CentreId> round = Collections.emptyIterator();

    private final BooleanSupplier isAlone;

    /** Whether this node was alone when it read last. */
    private boolean wasAlone;

    /** Knows nothing until {@link #readAll}; others may change what it reads. */
    public PlaceCounts(Database database) {
        this(database, () -> false);
    }

    /**
     * Knows nothing until {@link #readAll}.
     *
     * @param isAlone whether only those change counters who name what they touched
     */
    PlaceCounts(Database database, BooleanSupplier isAlone) {
        this.database = database;
        this.isAlone = isAlone;
    }

    /** The counters, as a view that changes with each reading; empty before the first. */
    public Map<PlaceId, PlaceCount> all() {
        return Collections.unmodifiableMap(counts);
    }

    /** Whether all places of a slot were taken moments ago, and nobody has touched it since. */
    boolean isGone(PlaceId place) {
        PlaceCount count = counts.get(place);
        return count != null
                && count.remaining() == 0
                && !touched.contains(place)
                && System.nanoTime() - readAtNanos < FRESH.toNanos();
    }

    /** Notes that a commit has changed the counters of these places. */
    public void touch(Collection<PlaceId> places) {
        touched.addAll(places);
    }

    /**
     * Reads the counters of the places that were touched, and looks for changes that nobody told:
     * in some of the centres, so that after {@value #READINGS_PER_ROUND} readings all were looked
     * at; while other nodes write, in all.
     *
     * @return the counters that are others than before
     * @throws StoreException if they could not be read; they are read the next time
     */
    public Map<PlaceId, PlaceCount> readTouched() {
        boolean isAloneNow = isAlone.getAsBoolean();
        Collection<CentreId> centres =
                isAloneNow && wasAlone ? nextCentres() : List.copyOf(sums.keySet());
        Map<PlaceId, PlaceCount> changed =
                read(
                        (handle, asked) -> {
                            if (!asked.isEmpty()) {
                                take(LedgerStore.counts(handle, asked));
                            }
                            lookAt(handle, centres);
                        });
        wasAlone = isAloneNow;
        return changed;
    }

    /**
     * Reads the counters of all places, whoever changed them.
     *
     * @return the counters that are others than before
     * @throws StoreException if they could not be read
     */
    public Map<PlaceId, PlaceCount> readAll() {
        return read((handle, asked) -> take(LedgerStore.counts(handle)));
    }

    private Map<PlaceId, PlaceCount> read(BiConsumer<Handle, List<PlaceId>> reading) {
        long askedAtNanos = System.nanoTime();
        List<PlaceId> asked = List.copyOf(touched);
        // What these were touched by is committed and will be read; what comes later touches again.
        touched.removeAll(asked);
        Map<PlaceId, PlaceCount> changed;
        try {
            changed =
                    database.readBriefly(
                            handle -> {
                                reading.accept(handle, asked);
                                return untold;
                            });
        } catch (StoreException e) {
            touched.addAll(asked);
            throw e;
        }
        readAtNanos = askedAtNanos;
        untold = new HashMap<>();
        return changed;
    }

    private List<CentreId> nextCentres() {
        if (!round.hasNext()) {
            round = sums.keySet().iterator();
        }
        int atOnce = sums.size() / READINGS_PER_ROUND + 1;
        List<CentreId> next = new ArrayList<>();
        while (next.size() < atOnce && round.hasNext()) {
            next.add(round.next());
        }
        return next;
    }

    /** Reads all counters of those centres whose sums are others than ours. */
    private void lookAt(Handle handle, Collection<CentreId> centres) {
        if (centres.isEmpty()) {
            return;
        }
        List<CentreId> differing =
                LedgerStore.sums(handle, centres).entrySet().stream()
                        .filter(its -> !its.getValue().equals(sums.get(its.getKey())))
                        .map(Map.Entry::getKey)
                        .toList();
        if (!differing.isEmpty()) {
            take(LedgerStore.countsAt(handle, differing));
        }
    }

    /** A place is never taken out of the ledger, so what was read before stays. */
    private void take(Map<PlaceId, PlaceCount> read) {
        read.forEach(
                (place, count) -> {
                    PlaceCount before = counts.put(place, count);
                    if (!count.equals(before)) {
                        long change =
                                summand(place, count)
                                        - (before == null ? 0 : summand(place, before));
                        sums.merge(place.centre(), change, Long::sum);
                        untold.put(place, count);
                    }
                });
    }

    /** What {@link LedgerStore#sums} adds for a place. */
    private static long summand(PlaceId place, PlaceCount count) {
        long weight = place.slot().value().getMostSignificantBits() >>> 36;
        long value =
                1_299_709L * count.capacity()
                        + 104_729L * count.allowance()
                        + 7_919L * count.held()
                        + count.booked();
        return weight * (value % Integer.MAX_VALUE);
    }
}
