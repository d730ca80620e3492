package giliran.ledger;

import giliran.store.Database;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Forgets the keys of changes that nobody repeats any more. The key that booked an appointment
 * stays with it.
 */
public final class ForgetKeys implements Runnable {
    private static final Duration KEPT_FOR = Duration.ofDays(7);

    private final Database database;
    private final InstantSource clock;

    public ForgetKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void run() {
        database.transact(tx -> LedgerStore.deleteBoundKeys(tx, clock.instant().minus(KEPT_FOR)));
    }
}
