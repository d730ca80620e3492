package giliran.booking;

import giliran.campaigns.CampaignId;
import giliran.store.Database;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Which passes were ended before their time, in memory; as old as its last {@link #run}. */
public final class EndedPasses implements Runnable {
    private record Snapshot(Map<CampaignId, Integer> epochs, Set<UUID> revoked) {}

    private final Database database;
    private volatile Snapshot snapshot = new Snapshot(Map.of(), Set.of());

    /** Reads them a first time. */
    public EndedPasses(Database database) {
        this.database = database;
        read();
    }

    /** Reads them again. */
    @Override
    public void run() {
        read();
    }

    private void read() {
        snapshot =
                database.readBriefly(
                        handle ->
                                new Snapshot(PassStore.epochs(handle), PassStore.revoked(handle)));
    }

    /** The epoch of passes that are made now. */
    int epochOf(CampaignId campaign) {
        return snapshot.epochs().getOrDefault(campaign, 0);
    }

    boolean isEnded(Pass pass) {
        Snapshot current = snapshot;
        return pass.epoch() < current.epochs().getOrDefault(pass.campaign(), 0)
                || current.revoked().contains(pass.id());
    }
}
