package giliran.clients;

import giliran.store.Database;
import java.util.List;

/** Tells which other software was ever let in. */
public final class ListClients {
    private final Database database;

    public ListClients(Database database) {
        this.database = database;
    }

    /** All clients by name, those that were revoked too. */
    public List<Client> list() {
        return database.read(ClientStore::getAll);
    }
}
