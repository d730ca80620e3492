package giliran.ledger;

import giliran.store.Database;
import java.util.List;

/** Reads what the ledger has under a reference. */
public final class LookUpByReference {
    /**
     * An appointment as it was looked up.
     *
     * @param sealed the person's details, sealed for the appointment's reference
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and copied by nobody.
    public record Found(Appointment appointment, byte[] sealed) {}

    private final Database database;

    public LookUpByReference(Database database) {
        this.database = database;
    }

    /** Usually one or none, live or ended; more only if two people drew the same number. */
    public List<Found> lookUp(Reference reference) {
        return database.readBriefly(handle -> LedgerStore.byReference(handle, reference));
    }
}
