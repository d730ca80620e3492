package giliran.clients;

import giliran.store.Database;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/**
 * The clients whose tokens are good, in memory: asking needs no database. Nobody is known before
 * the first {@link #run}, and while the database is away the last known stay.
 */
public final class Clients implements Runnable {
    private final Database database;
    private volatile Map<ClientName, byte[]> tokenHashes = Map.of();

    public Clients(Database database) {
        this.database = database;
    }

    /** Reads them anew: to be done once a second or more often. */
    @Override
    public void run() {
        tokenHashes = Map.copyOf(database.readBriefly(ClientStore::getTokenHashes));
    }

    /**
     * The client whose token this is; empty for any other text and for a token that was revoked.
     * How long it takes tells nothing of the tokens that are good.
     *
     * @param bearer what followed {@code Bearer} in the request; it is not kept
     */
    public Optional<ClientName> find(String bearer) {
        return ClientToken.parse(bearer).flatMap(token -> find(token.hash()));
    }

    private Optional<ClientName> find(byte[] hash) {
        Optional<ClientName> found = Optional.empty();
        for (Map.Entry<ClientName, byte[]> client : tokenHashes.entrySet()) {
            if (MessageDigest.isEqual(client.getValue(), hash)) {
                found = Optional.of(client.getKey());
            }
        }
        return found;
    }
}
