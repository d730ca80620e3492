package giliran.ledger;

import giliran.store.Database;
import java.util.Collection;
import java.util.UUID;

/** Changes counters as bookings would, without any: for what only looks at counters. */
public final class BookedUnseen {
    private BookedUnseen() {}

    /** Takes one place of each of these, and tells the counts as a ledger would. */
    public static void book(Database database, PlaceCounts counts, Collection<PlaceId> places) {
        database.transact(
                tx ->
                        tx.createUpdate(
                                        """
                                        UPDATE place
                                        SET booked = booked + 1
                                        WHERE slot = ANY(:slots)
                                        """)
                                .bindArray(
                                        "slots",
                                        UUID.class,
                                        places.stream().map(place -> place.slot().value()).toList())
                                .execute());
        counts.touch(places);
    }
}
