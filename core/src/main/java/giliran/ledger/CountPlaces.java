package giliran.ledger;

import giliran.store.Database;
import java.util.Map;

/** Reads the counters of every place. */
public final class CountPlaces {
    private final Database database;

    public CountPlaces(Database database) {
        this.database = database;
    }

    public Map<PlaceId, PlaceCount> count() {
        return database.readBriefly(LedgerStore::counts);
    }
}
