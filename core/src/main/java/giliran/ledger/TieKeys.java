package giliran.ledger;

import giliran.store.Database;
import giliran.store.StoreException;
import java.security.MessageDigest;

/**
 * Ties a database to the keys with which its people are hashed.
 *
 * <p>With other keys nobody would be known again, and one person could book twice; so a start with
 * them is refused.
 */
public final class TieKeys {
    private final Database database;

    public TieKeys(Database database) {
        this.database = database;
    }

    /**
     * Ties a database that is not tied yet; compares if it is.
     *
     * @param checkValue what the keys make of a fixed text
     * @throws StoreException if the database was tied to other keys
     */
    public void tie(byte[] checkValue) {
        byte[] tied =
                database.transact(
                        tx -> {
                            LedgerStore.insertKeyCheck(tx, checkValue);
                            return LedgerStore.getKeyCheck(tx);
                        });
        if (!MessageDigest.isEqual(tied, checkValue)) {
            throw new StoreException(
                    "The keys in the data folder are not the ones this database was made with;"
                            + " start with the data folder that belongs to it");
        }
    }
}
