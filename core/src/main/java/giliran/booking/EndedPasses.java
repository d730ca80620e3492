package giliran.booking;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.store.Database;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which passes are good no more. Those that were ended before their time are held in memory, as old
 * as the last {@link #run}.
 */
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

    /**
     * Whether a pass is good no more. The campaign's own opening says when it can first be used,
     * and one made before is good for a day from it, also if the opening was moved since.
     */
    boolean isEnded(Pass pass, Campaign campaign, Instant now) {
        Instant aDayOpen = campaign.opensAt().plus(IssuePass.GOOD_FOR);
        Instant until = pass.validUntil().isAfter(aDayOpen) ? pass.validUntil() : aDayOpen;
        Snapshot current = snapshot;
        return pass.epoch() < current.epochs().getOrDefault(pass.campaign(), 0)
                || current.revoked().contains(pass.id())
                || !now.isBefore(until);
    }
}
