package giliran.ledger;

import giliran.store.Database;
import giliran.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * The counters of every place as they were last read: what is published, and a hint for whoever
 * decides. A ledger names the places that it changed, and only those are read again.
 *
 * <p>Reading is for one thread at a time; looking is for any.
 */
public final class PlaceCounts {
    /** How long it may be said that a place is gone after it was seen so. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Database database;
    private final Map<PlaceId, PlaceCount> counts = new ConcurrentHashMap<>();

    /** When what was read last was asked for. */
    private volatile long readAtNanos;

    private final Set<PlaceId> touched = ConcurrentHashMap.newKeySet();

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
     * Reads the counters of the places that were touched; while other nodes write, of all places.
     *
     * @return those whose counters are others than before
     * @throws StoreException if they could not be read; they are read the next time
     */
    public Set<PlaceId> readTouched() {
        boolean isAloneNow = isAlone.getAsBoolean();
        if (!isAloneNow || !wasAlone) {
            Set<PlaceId> changed = readAll();
            wasAlone = isAloneNow;
            return changed;
        }
        Set<PlaceId> asked = Set.copyOf(touched);
        if (asked.isEmpty()) {
            readAtNanos = System.nanoTime();
            return Set.of();
        }
        return read(asked, handle -> LedgerStore.counts(handle, asked));
    }

    /**
     * Reads the counters of all places, whoever changed them.
     *
     * @return those whose counters are others than before
     * @throws StoreException if they could not be read
     */
    public Set<PlaceId> readAll() {
        return read(Set.copyOf(touched), LedgerStore::counts);
    }

    private Set<PlaceId> read(Set<PlaceId> asked, Database.Work<Map<PlaceId, PlaceCount>> reading) {
        long askedAtNanos = System.nanoTime();
        // What these were touched by is committed and will be read; what comes later touches again.
        touched.removeAll(asked);
        try {
            return take(database.readBriefly(reading), askedAtNanos);
        } catch (StoreException e) {
            touched.addAll(asked);
            throw e;
        }
    }

    /** A place is never taken out of the ledger, so what was read before stays. */
    private Set<PlaceId> take(Map<PlaceId, PlaceCount> read, long askedAtNanos) {
        Set<PlaceId> changed = new HashSet<>();
        read.forEach(
                (place, count) -> {
                    if (!count.equals(counts.put(place, count))) {
                        changed.add(place);
                    }
                });
        readAtNanos = askedAtNanos;
        return changed;
    }
}
