package giliran.campaigns;

import giliran.store.Database;
import java.util.function.Supplier;

/**
 * The catalogue that is offered now: kept in memory, and read again when an import has changed it.
 */
public final class OfferedCatalogue implements Supplier<Catalogue> {
    private record Revision(long number, Catalogue catalogue) {}

    private final Database database;
    private volatile Revision current;

    /** Reads the catalogue. */
    public OfferedCatalogue(Database database) {
        this.database = database;
        current = read();
    }

    /** Never blocks. The same object until the catalogue has changed. */
    @Override
    public Catalogue get() {
        return current.catalogue();
    }

    /** Looks whether there is a later revision, and reads it; for one thread at a time. */
    public void refresh() {
        if (database.readBriefly(CampaignStore::getRevision) != current.number()) {
            current = read();
        }
    }

    /** Number and catalogue from one snapshot, so that no later change is missed. */
    private Revision read() {
        return database.snapshot(
                handle ->
                        new Revision(
                                CampaignStore.getRevision(handle),
                                CampaignStore.getCatalogue(handle)));
    }
}
