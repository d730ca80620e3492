package giliran.ledger;

import giliran.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ends what was held and not confirmed in time.
 *
 * <p>The rows are the timers: whoever runs this on a database, also after a crash, finds what is
 * due. Several nodes may, for it is the ledger that decides, under the lock of the claim.
 */
public final class LapseHolds implements Runnable {
    private static final int AT_ONCE_MAX = 1_000;

    private final Database database;
    private final Bookkeeper ledger;
    private final InstantSource clock;

    public LapseHolds(Database database, Bookkeeper ledger, InstantSource clock) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Ends all that is due, a thousand at a time; what the ledger does not get to is left due. */
    @Override
    public void run() {
        while (lapse() == AT_ONCE_MAX) {
            // As long as all went well there may be more; else the next run goes on.
        }
    }

    private long lapse() {
        Instant before = clock.instant().minus(Command.Lapse.GRACE);
        List<Command.Lapse> due =
                database.readBriefly(
                        handle -> LedgerStore.overdueHolds(handle, before, AT_ONCE_MAX));
        List<CompletableFuture<CommandResult>> answers = due.stream().map(ledger::submit).toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
        return answers.stream()
                .filter(answer -> answer.join() instanceof CommandResult.Done)
                .count();
    }
}
