package giliran.ledger;

import giliran.store.Database;
import java.util.List;

/** Reads what the ledger has under a reference. */
public final class LookUpByReference {
    private final Database database;

    public LookUpByReference(Database database) {
        this.database = database;
    }

    /** Usually one or none, live or ended; more only if two people drew the same number. */
    public List<FoundAppointment> lookUp(Reference reference) {
        return database.readBriefly(handle -> LedgerStore.byReference(handle, reference));
    }
}
