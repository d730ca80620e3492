package giliran.clients;

import giliran.store.Database;
import java.time.InstantSource;

/** Shuts other software out for good: running servers refuse its token within a second. */
public final class RevokeClient {
    private final Database database;
    private final InstantSource clock;

    public RevokeClient(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Revokes a client's token.
     *
     * @return false, with nothing done, if no client of that name has a good one
     */
    public boolean revoke(ClientName name) {
        return database.transact(tx -> ClientStore.revoke(tx, name, clock.instant()));
    }
}
