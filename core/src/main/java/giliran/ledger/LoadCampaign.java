package giliran.ledger;

import giliran.campaigns.CampaignPlan;
import giliran.campaigns.CampaignStore;
import giliran.campaigns.Slot;
import giliran.store.Database;
import java.util.HashMap;
import java.util.Map;

/** Sets a campaign up: what it offers, and a counter for each of its slots. */
public final class LoadCampaign {
    private final Database database;

    public LoadCampaign(Database database) {
        this.database = database;
    }

    /**
     * Loads a plan into a database that has no campaign yet, all of it or nothing.
     *
     * @return false, with nothing done, if there is a campaign already
     */
    public boolean loadIfEmpty(CampaignPlan plan) {
        return database.transact(
                tx -> {
                    if (!CampaignStore.isEmpty(tx)) {
                        return false;
                    }
                    CampaignStore.put(tx, plan);
                    Map<PlaceId, Integer> capacities = new HashMap<>();
                    for (CampaignPlan.PlannedSlot planned : plan.slots()) {
                        Slot slot = planned.slot();
                        capacities.put(new PlaceId(slot.centre(), slot.id()), planned.capacity());
                    }
                    LedgerStore.insertPlaces(tx, capacities, plan.campaign().allowance());
                    return true;
                });
    }
}
