package giliran.peers;

import giliran.store.Database;
import java.util.List;

/** What a database is set to, as it says itself. */
public final class DatabaseSettings {
    private DatabaseSettings() {}

    /** One setting a line: what differs from PostgreSQL's own, and what makes commits durable. */
    public static List<String> read(Database database) {
        return database.read(PeerStore::settings);
    }
}
