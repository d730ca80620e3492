package giliran.campaigns;

import giliran.campaigns.Centre.Position;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The SQL of campaigns, regions, centres and slots. */
public final class CampaignStore {
    private CampaignStore() {}

    /** Whether there is no campaign at all. */
    public static boolean isEmpty(Handle handle) {
        return handle.createQuery("SELECT NOT EXISTS (SELECT FROM campaign)")
                .mapTo(Boolean.class)
                .one();
    }

    /** All that is offered, as of one instant if the handle is in a snapshot. */
    public static Catalogue getCatalogue(Handle handle) {
        return new Catalogue(
                handle.createQuery(
                                """
                                SELECT id, name, programme, product, opens_at, closes_at, minimum_age, regions, allowance, time_zone, proof_of_work
                                FROM campaign
                                ORDER BY opens_at, id
                                """)
                        .map((rs, context) -> campaign(rs))
                        .list(),
                handle.createQuery("SELECT id, name FROM region ORDER BY name, id")
                        .map((rs, context) -> region(rs))
                        .list(),
                handle.createQuery(
                                """
                                SELECT id, name, region, district, address, postcode, latitude, longitude, phone, accessibility
                                FROM centre
                                ORDER BY name, id
                                """)
                        .map((rs, context) -> centre(rs))
                        .list(),
                handle.createQuery(
                                """
                                SELECT id, campaign, centre, starts_at, ends_at, product, dose
                                FROM slot
                                ORDER BY starts_at, ends_at, dose, id
                                """)
                        .map((rs, context) -> slot(rs))
                        .list());
    }

    /** Which state of the catalogue this is: another number after every import that changed it. */
    static long getRevision(Handle handle) {
        return handle.createQuery("SELECT number FROM catalogue_revision").mapTo(Long.class).one();
    }

    /** A campaign's settings. */
    public static Optional<Campaign> find(Handle handle, CampaignId id) {
        return handle.createQuery(
                        """
                        SELECT id, name, programme, product, opens_at, closes_at, minimum_age, regions, allowance, time_zone, proof_of_work
                        FROM campaign
                        WHERE id = :id
                        """)
                .bind("id", id.value())
                .map((rs, context) -> campaign(rs))
                .findOne();
    }

    /** Writes a campaign's settings, whether it is there already or not. */
    public static void put(Handle tx, Campaign campaign) {
        tx.createUpdate(
                        """
                        INSERT INTO campaign (id, name, programme, product, opens_at, closes_at, minimum_age, regions, allowance, time_zone, proof_of_work)
                        VALUES (:id, :name, :programme, :product, :opensAt, :closesAt, :minimumAge, :regions, :allowance, :timeZone, :proofOfWork)
                        ON CONFLICT (id) DO UPDATE
                        SET name = excluded.name,
                            programme = excluded.programme,
                            product = excluded.product,
                            opens_at = excluded.opens_at,
                            closes_at = excluded.closes_at,
                            minimum_age = excluded.minimum_age,
                            regions = excluded.regions,
                            allowance = excluded.allowance,
                            time_zone = excluded.time_zone,
                            proof_of_work = excluded.proof_of_work
                        """)
                .bind("id", campaign.id().value())
                .bind("name", campaign.name())
                .bind("programme", campaign.programme())
                .bind("product", campaign.product())
                .bind("opensAt", at(campaign.opensAt()))
                .bind("closesAt", at(campaign.closesAt()))
                .bind("minimumAge", campaign.eligibility().minimumAge())
                .bindArray(
                        "regions",
                        String.class,
                        campaign.eligibility().regions().stream()
                                .map(RegionId::value)
                                .sorted()
                                .toList())
                .bind("allowance", campaign.allowance())
                .bind("timeZone", campaign.timeZone().getId())
                .bind("proofOfWork", campaign.proofOfWork())
                .execute();
    }

    private static Campaign campaign(ResultSet rs) throws SQLException {
        Array regions = rs.getArray("regions");
        return new Campaign(
                new CampaignId(rs.getString("id")),
                rs.getString("name"),
                rs.getString("programme"),
                rs.getString("product"),
                instant(rs, "opens_at"),
                instant(rs, "closes_at"),
                new Eligibility(
                        rs.getInt("minimum_age"),
                        Arrays.stream((String[]) regions.getArray())
                                .map(RegionId::new)
                                .collect(Collectors.toSet())),
                rs.getInt("allowance"),
                ZoneId.of(rs.getString("time_zone")),
                rs.getBoolean("proof_of_work"));
    }

    private static Region region(ResultSet rs) throws SQLException {
        return new Region(new RegionId(rs.getString("id")), rs.getString("name"));
    }

    private static Centre centre(ResultSet rs) throws SQLException {
        double latitude = rs.getDouble("latitude");
        Optional<Position> position =
                rs.wasNull()
                        ? Optional.empty()
                        : Optional.of(new Position(latitude, rs.getDouble("longitude")));
        return new Centre(
                new CentreId(rs.getString("id")),
                rs.getString("name"),
                new RegionId(rs.getString("region")),
                rs.getString("district"),
                rs.getString("address"),
                rs.getString("postcode"),
                position,
                rs.getString("phone"),
                rs.getString("accessibility"));
    }

    private static Slot slot(ResultSet rs) throws SQLException {
        return new Slot(
                new SlotId(rs.getObject("id", UUID.class)),
                new CampaignId(rs.getString("campaign")),
                new CentreId(rs.getString("centre")),
                instant(rs, "starts_at"),
                instant(rs, "ends_at"),
                rs.getString("product"),
                rs.getInt("dose"));
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
