package giliran.ledger;

import giliran.store.Database;
import java.util.Collection;
import java.util.UUID;

/** Changes counters as bookings would, without any: for what only looks at counters. */
public final class BookedUnseen {
    private BookedUnseen() {}

    /** Counts of a node that is alone, and so is told of every change. */
    public static PlaceCounts countsAlone(Database database) {
        return new PlaceCounts(database, () -> true);
    }

    /** Takes one place of each of these, and tells the counts as a ledger would. */
    public static void book(Database database, PlaceCounts counts, Collection<PlaceId> places) {
        add(database, places, 1);
        counts.touch(places);
    }

    /** Takes or gives back so many places of each of these, and tells nobody. */
    static void add(Database database, Collection<PlaceId> places, int booked) {
        database.transact(
                tx ->
                        tx.createUpdate(
                                        """
                                        UPDATE place
                                        SET booked = booked + :booked
                                        WHERE slot = ANY(:slots)
                                        """)
                                .bind("booked", booked)
                                .bindArray(
                                        "slots",
                                        UUID.class,
                                        places.stream().map(place -> place.slot().value()).toList())
                                .execute());
    }
}
