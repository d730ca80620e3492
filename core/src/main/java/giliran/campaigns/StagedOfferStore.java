package giliran.campaigns;

import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.CampaignPlan.Published;
import giliran.store.CopyRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The SQL by which an offer is staged beside what is there, compared with it, and written over it.
 *
 * <p>The staging tables are temporary: they belong to one transaction and end with it. Whoever
 * stages holds no lock that anyone waits for.
 */
public final class StagedOfferStore {
    private StagedOfferStore() {}

    /** How many rows of a kind are staged, and how they differ from what is there. */
    public record Tally(int added, int changed, int unchanged) {
        public int total() {
            return added + changed + unchanged;
        }
    }

    /** A slot as it is and as it is to be. */
    public record ChangedSlot(String key, Slot before, Slot after) {}

    private static final String CENTRE_CHANGES =
            """
            (centre.name, centre.region, centre.district, centre.address, centre.postcode, centre.latitude, centre.longitude, centre.phone, centre.accessibility, centre.source)
                IS DISTINCT FROM (staged.name, staged.region, staged.district, staged.address, staged.postcode, staged.latitude, staged.longitude, staged.phone, staged.accessibility, staged.source)
            """;

    private static final String SLOT_CHANGES =
            """
            (slot.centre, slot.starts_at, slot.ends_at, slot.product, slot.dose, slot.key, slot.booking_phone, slot.booking_link, slot.source)
                IS DISTINCT FROM (staged.centre, staged.starts_at, staged.ends_at, staged.product, staged.dose, staged.key, staged.booking_phone, staged.booking_link, staged.source)
            """;

    /** Makes the staging tables, for this transaction. */
    public static void create(Handle tx) {
        tx.execute(
                """
                CREATE TEMPORARY TABLE staged_region (id text, name text) ON COMMIT DROP;
                CREATE TEMPORARY TABLE staged_centre (id text, name text, region text, district text, address text, postcode text, latitude double precision, longitude double precision, phone text, accessibility text, source text) ON COMMIT DROP;
                CREATE TEMPORARY TABLE staged_slot (id uuid, centre text, starts_at timestamptz, ends_at timestamptz, product text, dose smallint, capacity integer, is_busy boolean, key text, booking_phone text, booking_link text, source text) ON COMMIT DROP;
                CREATE TEMPORARY TABLE staged_schedule (id text, source text) ON COMMIT DROP
                """);
    }

    /** Slots on their way into the staging table; until it is closed the handle is in its use. */
    public static final class StagedSlots implements AutoCloseable {
        private final CopyRows rows;

        public StagedSlots(Handle tx) {
            rows =
                    new CopyRows(
                            tx,
                            "COPY staged_slot (id, centre, starts_at, ends_at, product, dose,"
                                    + " capacity, is_busy, key, booking_phone, booking_link, source)"
                                    + " FROM STDIN");
        }

        public void add(PlannedSlot planned) {
            Slot slot = planned.slot();
            Published published = planned.published();
            rows.add(
                    slot.id(),
                    slot.centre(),
                    slot.start(),
                    slot.end(),
                    slot.product(),
                    slot.dose(),
                    planned.capacity(),
                    planned.isBusy(),
                    published.key(),
                    published.bookingPhone(),
                    published.bookingLink(),
                    published.source());
        }

        public void finish() {
            rows.finish();
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    /**
     * Stages what comes beside the slots, and lets the planner count all of it.
     *
     * @param sources the centres in their publisher's own form, where there is one
     * @param schedules schedules by id, in their publisher's own form
     */
    public static void stage(
            Handle tx,
            Collection<Region> regions,
            Collection<Centre> centres,
            Map<CentreId, String> sources,
            Map<String, String> schedules) {
        try (CopyRows rows = new CopyRows(tx, "COPY staged_region (id, name) FROM STDIN")) {
            regions.forEach(region -> rows.add(region.id(), region.name()));
            rows.finish();
        }
        try (CopyRows rows =
                new CopyRows(
                        tx,
                        "COPY staged_centre (id, name, region, district, address, postcode,"
                                + " latitude, longitude, phone, accessibility, source)"
                                + " FROM STDIN")) {
            for (Centre centre : centres) {
                rows.add(
                        centre.id(),
                        centre.name(),
                        centre.region(),
                        centre.district(),
                        centre.address(),
                        centre.postcode(),
                        centre.position().map(Centre.Position::latitude).orElse(null),
                        centre.position().map(Centre.Position::longitude).orElse(null),
                        centre.phone(),
                        centre.accessibility(),
                        sources.getOrDefault(centre.id(), ""));
            }
            rows.finish();
        }
        try (CopyRows rows = new CopyRows(tx, "COPY staged_schedule (id, source) FROM STDIN")) {
            schedules.forEach(rows::add);
            rows.finish();
        }
        tx.execute("ANALYZE staged_region, staged_centre, staged_slot, staged_schedule");
    }

    /**
     * Keeps every other import out until the transaction ends.
     *
     * @return false, without waiting, if another import is being written
     */
    public static boolean lockRevision(Handle tx) {
        return tx.createQuery("SELECT number FROM catalogue_revision FOR UPDATE SKIP LOCKED")
                .mapTo(Long.class)
                .findOne()
                .isPresent();
    }

    /** Tells the servers that what is offered has changed. */
    public static void raiseRevision(Handle tx) {
        tx.execute("UPDATE catalogue_revision SET number = number + 1");
    }

    public static Tally compareRegions(Handle tx) {
        return tally(tx, "region", "region.name IS DISTINCT FROM staged.name");
    }

    public static Tally compareCentres(Handle tx) {
        return tally(tx, "centre", CENTRE_CHANGES);
    }

    public static Tally compareSlots(Handle tx) {
        return tally(tx, "slot", SLOT_CHANGES);
    }

    /** Whether a schedule is staged that is not there, or is another there. */
    public static boolean schedulesDiffer(Handle tx, CampaignId campaign) {
        return tx.createQuery(
                        """
                        SELECT EXISTS (
                            SELECT
                            FROM staged_schedule AS staged
                            LEFT JOIN schedule ON schedule.campaign = :campaign AND schedule.id = staged.id
                            WHERE schedule.source IS DISTINCT FROM staged.source)
                        """)
                .bind("campaign", campaign.value())
                .mapTo(Boolean.class)
                .one();
    }

    private static Tally tally(Handle tx, String table, String changes) {
        return tx.createQuery(
                        """
                        SELECT count(*) FILTER (WHERE %1$s.id IS NULL) AS added,
                            count(*) FILTER (WHERE %1$s.id IS NOT NULL AND %2$s) AS changed,
                            count(*) AS total
                        FROM staged_%1$s AS staged
                        LEFT JOIN %1$s ON %1$s.id = staged.id
                        """
                                .formatted(table, changes))
                .map(
                        (rs, context) -> {
                            int added = rs.getInt("added");
                            int changed = rs.getInt("changed");
                            return new Tally(added, changed, rs.getInt("total") - added - changed);
                        })
                .one();
    }

    /** When the last slot of a campaign ends, the staged ones in place of those they replace. */
    public static Optional<Instant> findLastEnd(Handle tx, CampaignId campaign) {
        return tx.createQuery(
                        """
                        SELECT max(ends_at) AS last
                        FROM (
                            SELECT ends_at
                            FROM staged_slot
                            UNION ALL
                            SELECT ends_at
                            FROM slot
                            WHERE campaign = :campaign
                                AND NOT EXISTS (SELECT FROM staged_slot WHERE staged_slot.id = slot.id)
                        ) AS ends
                        """)
                .bind("campaign", campaign.value())
                .map((rs, context) -> Optional.ofNullable(rs.getObject(1, OffsetDateTime.class)))
                .one()
                .map(OffsetDateTime::toInstant);
    }

    /** The sum of the capacities that are staged, and so told of. */
    public static long countPlaces(Handle tx) {
        return tx.createQuery(
                        "SELECT COALESCE(sum(capacity) FILTER (WHERE NOT is_busy), 0) FROM staged_slot")
                .mapTo(Long.class)
                .one();
    }

    /** The names of the first slots that are not there yet, in order of time. */
    public static List<String> firstNewSlots(Handle tx, int most) {
        return tx.createQuery(
                        """
                        SELECT staged.key
                        FROM staged_slot AS staged
                        LEFT JOIN slot ON slot.id = staged.id
                        WHERE slot.id IS NULL
                        ORDER BY staged.starts_at, staged.key
                        LIMIT :most
                        """)
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }

    /** The first slots that are there and differ, in order of time. */
    public static List<ChangedSlot> firstChangedSlots(Handle tx, int most) {
        return changedSlots(tx, SLOT_CHANGES, most);
    }

    /** The first slots that would change their dose, in order of time. */
    public static List<ChangedSlot> slotsWithAnotherDose(Handle tx, int most) {
        return changedSlots(tx, "slot.dose <> staged.dose", most);
    }

    private static List<ChangedSlot> changedSlots(Handle tx, String changes, int most) {
        return tx.createQuery(
                        """
                        SELECT slot.id, slot.campaign, slot.centre, slot.starts_at, slot.ends_at, slot.product, slot.dose,
                            staged.key, staged.centre AS new_centre, staged.starts_at AS new_starts_at, staged.ends_at AS new_ends_at,
                            staged.product AS new_product, staged.dose AS new_dose
                        FROM staged_slot AS staged
                        JOIN slot ON slot.id = staged.id
                        WHERE %s
                        ORDER BY staged.starts_at, staged.key
                        LIMIT :most
                        """
                                .formatted(changes))
                .bind("most", most)
                .map(
                        (rs, context) ->
                                new ChangedSlot(
                                        rs.getString("key"), slot(rs, ""), slot(rs, "new_")))
                .list();
    }

    private static Slot slot(ResultSet rs, String prefix) throws SQLException {
        return new Slot(
                new SlotId(rs.getObject("id", UUID.class)),
                new CampaignId(rs.getString("campaign")),
                new CentreId(rs.getString(prefix + "centre")),
                instant(rs, prefix + "starts_at"),
                instant(rs, prefix + "ends_at"),
                rs.getString(prefix + "product"),
                rs.getInt(prefix + "dose"));
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** Writes the regions and centres that differ; none is removed. */
    public static void putCentres(Handle tx) {
        tx.execute(
                """
                INSERT INTO region (id, name)
                SELECT staged.id, staged.name
                FROM staged_region AS staged
                LEFT JOIN region ON region.id = staged.id
                WHERE region.name IS DISTINCT FROM staged.name
                ON CONFLICT (id) DO UPDATE
                SET name = excluded.name
                """);
        tx.execute(
                """
                INSERT INTO centre (id, name, region, district, address, postcode, latitude, longitude, phone, accessibility, source)
                SELECT staged.id, staged.name, staged.region, staged.district, staged.address, staged.postcode, staged.latitude, staged.longitude, staged.phone, staged.accessibility, staged.source
                FROM staged_centre AS staged
                LEFT JOIN centre ON centre.id = staged.id
                WHERE %s
                ON CONFLICT (id) DO UPDATE
                SET name = excluded.name,
                    region = excluded.region,
                    district = excluded.district,
                    address = excluded.address,
                    postcode = excluded.postcode,
                    latitude = excluded.latitude,
                    longitude = excluded.longitude,
                    phone = excluded.phone,
                    accessibility = excluded.accessibility,
                    source = excluded.source
                """
                        .formatted(CENTRE_CHANGES));
    }

    /** Writes the slots and schedules of a campaign that differ; none is removed. */
    public static void putSlots(Handle tx, CampaignId campaign) {
        tx.createUpdate(
                        """
                        INSERT INTO slot (id, campaign, centre, starts_at, ends_at, product, dose, key, booking_phone, booking_link, source)
                        SELECT staged.id, :campaign, staged.centre, staged.starts_at, staged.ends_at, staged.product, staged.dose, staged.key, staged.booking_phone, staged.booking_link, staged.source
                        FROM staged_slot AS staged
                        LEFT JOIN slot ON slot.id = staged.id
                        WHERE %s
                        ON CONFLICT (id) DO UPDATE
                        SET centre = excluded.centre,
                            starts_at = excluded.starts_at,
                            ends_at = excluded.ends_at,
                            product = excluded.product,
                            dose = excluded.dose,
                            key = excluded.key,
                            booking_phone = excluded.booking_phone,
                            booking_link = excluded.booking_link,
                            source = excluded.source
                        """
                                .formatted(SLOT_CHANGES))
                .bind("campaign", campaign.value())
                .execute();
        tx.createUpdate(
                        """
                        INSERT INTO schedule (campaign, id, source)
                        SELECT :campaign, staged.id, staged.source
                        FROM staged_schedule AS staged
                        LEFT JOIN schedule ON schedule.campaign = :campaign AND schedule.id = staged.id
                        WHERE schedule.source IS DISTINCT FROM staged.source
                        ON CONFLICT (campaign, id) DO UPDATE
                        SET source = excluded.source
                        """)
                .bind("campaign", campaign.value())
                .execute();
    }
}
