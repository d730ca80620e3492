package giliran.ledger;

import giliran.store.Database;
import giliran.store.StoreException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The counters of every place as they were last read: what is published, and a hint for whoever
 * decides. A ledger names the places that it changed, and only those are read again.
 *
 * <p>Reading is for one thread at a time; looking is for any.
 */
public final class PlaceCounts {
    private final Database database;
    private final Map<PlaceId, PlaceCount> counts = new ConcurrentHashMap<>();
    private final Set<PlaceId> touched = ConcurrentHashMap.newKeySet();

    /** Knows nothing until {@link #readAll}. */
    public PlaceCounts(Database database) {
        this.database = database;
    }

    /** The counters, as a view that changes with each reading; empty before the first. */
    public Map<PlaceId, PlaceCount> all() {
        return Collections.unmodifiableMap(counts);
    }

    /** Notes that a commit has changed the counters of these places. */
    void touch(Collection<PlaceId> places) {
        touched.addAll(places);
    }

    /**
     * Reads the counters of the places that were touched.
     *
     * @return those whose counters are others than before
     * @throws StoreException if they could not be read; they are read the next time
     */
    public Set<PlaceId> readTouched() {
        Set<PlaceId> asked = new HashSet<>(touched);
        if (asked.isEmpty()) {
            return Set.of();
        }
        // One that is touched again from here on was committed before it is read.
        touched.removeAll(asked);
        try {
            return take(database.readBriefly(handle -> LedgerStore.counts(handle, asked)));
        } catch (StoreException e) {
            touched.addAll(asked);
            throw e;
        }
    }

    /**
     * Reads the counters of all places, whoever changed them.
     *
     * @return those whose counters are others than before
     * @throws StoreException if they could not be read
     */
    public Set<PlaceId> readAll() {
        return take(database.readBriefly(LedgerStore::counts));
    }

    /** A place is never taken out of the ledger, so what was read before stays. */
    private Set<PlaceId> take(Map<PlaceId, PlaceCount> read) {
        Set<PlaceId> changed = new HashSet<>();
        read.forEach(
                (place, count) -> {
                    if (!count.equals(counts.put(place, count))) {
                        changed.add(place);
                    }
                });
        return changed;
    }
}
