package giliran.jobs;

import giliran.edge.Readiness;
import giliran.store.Database;
import giliran.store.StoreException;

/** Asks the database whether it is there and what time it has, and tells readiness. */
public final class WatchDatabase implements Runnable {
    private final Database database;
    private final Readiness readiness;

    public WatchDatabase(Database database, Readiness readiness) {
        this.database = database;
        this.readiness = readiness;
    }

    @Override
    public void run() {
        try {
            if (database.clocksAgree()) {
                readiness.ready();
            } else {
                readiness.waitFor(Readiness.CLOCK);
            }
        } catch (StoreException e) {
            readiness.waitFor(Readiness.DATABASE);
            throw e;
        }
    }
}
