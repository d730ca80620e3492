package giliran.booking;

import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignStore;
import giliran.store.Database;
import java.time.InstantSource;
import java.util.UUID;

/** Ends passes before their time; every node knows within a second. */
public final class EndPasses {
    private final Database database;
    private final InstantSource clock;

    public EndPasses(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Ends all passes of a campaign that have been made so far.
     *
     * @return false if there is no such campaign
     */
    public boolean endAll(CampaignId campaign) {
        return database.transact(
                tx -> {
                    if (CampaignStore.getCatalogue(tx).findCampaign(campaign).isEmpty()) {
                        return false;
                    }
                    PassStore.raiseEpoch(tx, campaign);
                    return true;
                });
    }

    /** Ends one pass, by the id that was given when it was made. */
    public void end(UUID pass) {
        database.transact(
                tx -> {
                    PassStore.revoke(tx, pass, clock.instant());
                    return true;
                });
    }
}
