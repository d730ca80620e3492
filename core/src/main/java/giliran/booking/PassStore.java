package giliran.booking;

import giliran.campaigns.CampaignId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The SQL of what ends passes. */
final class PassStore {
    private PassStore() {}

    /** The epochs of the campaigns whose epoch was ever raised. */
    static Map<CampaignId, Integer> epochs(Handle handle) {
        return handle
                .createQuery("SELECT campaign, epoch FROM pass_epoch")
                .map(
                        (rs, context) ->
                                Map.entry(
                                        new CampaignId(rs.getString("campaign")),
                                        rs.getInt("epoch")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The passes that were ended one by one. */
    static Set<UUID> revoked(Handle handle) {
        return handle.createQuery("SELECT id FROM revoked_pass").mapTo(UUID.class).set();
    }

    static int raiseEpoch(Handle tx, CampaignId campaign) {
        return tx.createQuery(
                        """
                        INSERT INTO pass_epoch (campaign, epoch)
                        VALUES (:campaign, 1)
                        ON CONFLICT (campaign) DO UPDATE
                        SET epoch = pass_epoch.epoch + 1
                        RETURNING epoch
                        """)
                .bind("campaign", campaign.value())
                .mapTo(Integer.class)
                .one();
    }

    static void revoke(Handle tx, UUID pass, Instant now) {
        tx.createUpdate(
                        """
                        INSERT INTO revoked_pass (id, revoked_at)
                        VALUES (:id, :now)
                        ON CONFLICT (id) DO NOTHING
                        """)
                .bind("id", pass)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }
}
