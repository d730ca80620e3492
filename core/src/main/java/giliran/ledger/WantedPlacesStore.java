package giliran.ledger;

import static giliran.store.Columns.uuids;

import giliran.campaigns.CampaignId;
import giliran.campaigns.CentreId;
import giliran.campaigns.SlotId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * The SQL by which an import changes counters: any number of them in a few statements.
 *
 * <p>It has the shape of every change of places (see {@link LedgerBatch}): lock the counters
 * concerned in order, decide in a new statement from what is committed then, write. What is wanted
 * is worked out before, without locks, from the staged slots of {@link
 * giliran.campaigns.StagedOfferStore}; and whoever holds one of the counters meanwhile goes first.
 */
public final class WantedPlacesStore {
    private WantedPlacesStore() {}

    /**
     * A slot in which more is taken than there would be.
     *
     * @param key what the publisher calls the slot
     * @param capacity the places wanted; 0 if the slot is to be elsewhere
     * @param allowance the places above that which may be booked
     * @param taken places held and booked
     */
    public record Cut(String key, int capacity, int allowance, int taken) {}

    /**
     * A slot that is to be at another centre.
     *
     * @param taken places held and booked in it
     * @param ended appointments that were in it and ended
     */
    public record Moved(String key, CentreId from, CentreId to, int taken, int ended) {}

    /**
     * How counters that are there change, not counting those of new slots.
     *
     * @param up slots that get more places, {@code placesUp} in all
     * @param down slots that get fewer, {@code placesDown} in all
     */
    public record Shift(int up, long placesUp, int down, long placesDown) {}

    /**
     * Works out which counters are to change, without a lock: those of the staged slots, and, for
     * the allowance, those of every other slot of the campaign.
     *
     * @return how many
     */
    public static int want(Handle tx, CampaignId campaign, int allowance) {
        tx.execute(
                """
                CREATE TEMPORARY TABLE wanted_place (centre text, slot uuid, key text, capacity integer, allowance integer, is_busy boolean, is_new boolean, is_gone boolean) ON COMMIT DROP
                """);
        int wanted =
                tx.createUpdate(
                                """
                                INSERT INTO wanted_place (centre, slot, key, capacity, allowance, is_busy, is_new, is_gone)
                                SELECT staged.centre, staged.id, staged.key, CASE WHEN staged.is_busy THEN 0 ELSE staged.capacity END, :allowance, staged.is_busy, place.slot IS NULL, false
                                FROM staged_slot AS staged
                                LEFT JOIN place ON place.centre = staged.centre AND place.slot = staged.id
                                WHERE place.slot IS NULL
                                    OR place.allowance <> :allowance
                                    OR place.capacity <> CASE WHEN staged.is_busy THEN GREATEST(place.held + place.booked - :allowance, 0) ELSE staged.capacity END
                                UNION ALL
                                SELECT place.centre, place.slot, slot.key, place.capacity, :allowance, false, false, false
                                FROM slot
                                JOIN place ON place.centre = slot.centre AND place.slot = slot.id
                                LEFT JOIN staged_slot AS staged ON staged.id = slot.id
                                WHERE slot.campaign = :campaign
                                    AND staged.id IS NULL
                                    AND place.allowance <> :allowance
                                UNION ALL
                                SELECT slot.centre, slot.id, staged.key, 0, 0, false, false, true
                                FROM slot
                                JOIN staged_slot AS staged ON staged.id = slot.id
                                WHERE staged.centre <> slot.centre
                                """)
                        .bind("campaign", campaign.value())
                        .bind("allowance", allowance)
                        .execute();
        tx.execute("ANALYZE wanted_place");
        return wanted;
    }

    /** How the capacities that are there would change. */
    public static Shift shift(Handle tx) {
        return tx.createQuery(
                        """
                        SELECT count(*) FILTER (WHERE by > 0) AS up, COALESCE(sum(by) FILTER (WHERE by > 0), 0) AS places_up,
                            count(*) FILTER (WHERE by < 0) AS down, COALESCE(-sum(by) FILTER (WHERE by < 0), 0) AS places_down
                        FROM (
                            SELECT CASE WHEN wanted.is_busy THEN GREATEST(place.held + place.booked - wanted.allowance, 0) ELSE wanted.capacity END
                                + wanted.allowance - place.capacity - place.allowance AS by
                            FROM wanted_place AS wanted
                            JOIN place USING (centre, slot)
                            WHERE NOT wanted.is_gone
                        ) AS changes
                        """)
                .map(
                        (rs, context) ->
                                new Shift(
                                        rs.getInt("up"),
                                        rs.getLong("places_up"),
                                        rs.getInt("down"),
                                        rs.getLong("places_down")))
                .one();
    }

    /** The slots, by name, in which more is taken than there would be, at most so many. */
    public static List<Cut> cuts(Handle tx, int most) {
        return tx.createQuery(
                        """
                        SELECT COALESCE(NULLIF(wanted.key, ''), wanted.slot::text) AS key, wanted.capacity, wanted.allowance, place.held + place.booked AS taken
                        FROM wanted_place AS wanted
                        JOIN place USING (centre, slot)
                        WHERE NOT wanted.is_busy
                            AND NOT wanted.is_gone
                            AND place.held + place.booked > wanted.capacity + wanted.allowance
                        ORDER BY key
                        LIMIT :most
                        """)
                .bind("most", most)
                .map(
                        (rs, context) ->
                                new Cut(
                                        rs.getString("key"),
                                        rs.getInt("capacity"),
                                        rs.getInt("allowance"),
                                        rs.getInt("taken")))
                .list();
    }

    /** The slots, by name, that would leave a centre at which someone had a place in them. */
    public static List<Moved> moved(Handle tx, int most) {
        return tx.createQuery(
                        """
                        SELECT wanted.key, wanted.centre, staged.centre AS new_centre, place.held + place.booked AS taken, COALESCE(ended.count, 0) AS ended
                        FROM wanted_place AS wanted
                        JOIN place USING (centre, slot)
                        JOIN staged_slot AS staged ON staged.id = wanted.slot
                        LEFT JOIN (
                            SELECT slot, count(*) AS count
                            FROM ended_appointment
                            WHERE slot IN (SELECT slot FROM wanted_place WHERE is_gone)
                            GROUP BY slot
                        ) AS ended ON ended.slot = wanted.slot
                        WHERE wanted.is_gone
                            AND (place.held + place.booked > 0 OR ended.count > 0)
                        ORDER BY wanted.key
                        LIMIT :most
                        """)
                .bind("most", most)
                .map(
                        (rs, context) ->
                                new Moved(
                                        rs.getString("key"),
                                        new CentreId(rs.getString("centre")),
                                        new CentreId(rs.getString("new_centre")),
                                        rs.getInt("taken"),
                                        rs.getInt("ended")))
                .list();
    }

    /** Live appointments in staged slots whose time, product or centre's description changes. */
    public static long countTouched(Handle tx) {
        return tx.createQuery(
                        """
                        SELECT COALESCE(sum(place.held + place.booked), 0)
                        FROM place
                        JOIN slot ON slot.centre = place.centre AND slot.id = place.slot
                        LEFT JOIN staged_slot AS staged ON staged.id = slot.id
                        JOIN centre ON centre.id = slot.centre
                        LEFT JOIN staged_centre ON staged_centre.id = centre.id
                        WHERE place.held + place.booked > 0
                            AND (staged.id IS NOT NULL AND (staged.starts_at, staged.ends_at, staged.product) IS DISTINCT FROM (slot.starts_at, slot.ends_at, slot.product)
                                OR staged_centre.id IS NOT NULL
                                    AND (staged_centre.name, staged_centre.district, staged_centre.address, staged_centre.postcode, staged_centre.latitude, staged_centre.longitude)
                                        IS DISTINCT FROM (centre.name, centre.district, centre.address, centre.postcode, centre.latitude, centre.longitude))
                        """)
                .mapTo(Long.class)
                .one();
    }

    /** How many live and ended appointments these slots have had. */
    public static long countEver(Handle tx, List<SlotId> slots) {
        return tx.createQuery(
                        """
                        SELECT (SELECT count(*) FROM appointment WHERE slot = ANY (:slots))
                            + (SELECT count(*) FROM ended_appointment WHERE slot = ANY (:slots))
                        """)
                .bind("slots", uuids(slots, SlotId::value))
                .mapTo(Long.class)
                .one();
    }

    /** Makes the counters of new slots; nobody waits for them. */
    public static void insertNew(Handle tx) {
        tx.execute(
                """
                INSERT INTO place (centre, slot, capacity, allowance)
                SELECT centre, slot, capacity, allowance
                FROM wanted_place
                WHERE is_new
                """);
    }

    /**
     * Locks the counters that are to change, in the order in which a batch locks them. From here on
     * bookings in these slots wait, until the transaction ends.
     */
    public static void lock(Handle tx) {
        tx.createQuery(
                        """
                        WITH locked AS (
                            SELECT
                            FROM place
                            JOIN wanted_place AS wanted USING (centre, slot)
                            WHERE NOT wanted.is_new
                            ORDER BY centre, slot
                            FOR UPDATE OF place
                        )
                        SELECT count(*) FROM locked
                        """)
                .mapTo(Long.class)
                .one();
    }

    /** Writes counters that were locked, and found fit, before. */
    public static void update(Handle tx) {
        tx.execute(
                """
                UPDATE place
                SET capacity = CASE WHEN wanted.is_busy THEN GREATEST(place.held + place.booked - wanted.allowance, 0) ELSE wanted.capacity END,
                    allowance = wanted.allowance
                FROM wanted_place AS wanted
                WHERE place.centre = wanted.centre
                    AND place.slot = wanted.slot
                    AND NOT wanted.is_new
                    AND NOT wanted.is_gone
                """);
        tx.execute(
                """
                DELETE FROM place
                USING wanted_place AS wanted
                WHERE place.centre = wanted.centre
                    AND place.slot = wanted.slot
                    AND wanted.is_gone
                """);
    }
}
