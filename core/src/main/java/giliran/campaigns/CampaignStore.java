package giliran.campaigns;

import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.Centre.Position;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
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

    /** Writes all that the plan says; what is there already is updated, and nothing is removed. */
    public static void put(Handle tx, CampaignPlan plan) {
        putRegions(tx, plan.regions());
        putCentres(tx, plan.centres());
        putCampaign(tx, plan.campaign());
        putSlots(tx, plan.slots().stream().map(PlannedSlot::slot).toList());
    }

    private static void putRegions(Handle tx, List<Region> regions) {
        tx.createUpdate(
                        """
                        INSERT INTO region (id, name)
                        SELECT id, name
                        FROM unnest(:ids, :names) AS wanted (id, name)
                        ON CONFLICT (id) DO UPDATE
                        SET name = excluded.name
                        """)
                .bindArray("ids", String.class, column(regions, r -> r.id().value()))
                .bindArray("names", String.class, column(regions, Region::name))
                .execute();
    }

    private static void putCentres(Handle tx, List<Centre> centres) {
        tx.createUpdate(
                        """
                        INSERT INTO centre (id, name, region, district, address, postcode, latitude, longitude, phone, accessibility)
                        SELECT id, name, region, district, address, postcode, latitude, longitude, phone, accessibility
                        FROM unnest(:ids, :names, :regions, :districts, :addresses, :postcodes, :latitudes, :longitudes, :phones, :accessibilities)
                            AS wanted (id, name, region, district, address, postcode, latitude, longitude, phone, accessibility)
                        ON CONFLICT (id) DO UPDATE
                        SET name = excluded.name,
                            region = excluded.region,
                            district = excluded.district,
                            address = excluded.address,
                            postcode = excluded.postcode,
                            latitude = excluded.latitude,
                            longitude = excluded.longitude,
                            phone = excluded.phone,
                            accessibility = excluded.accessibility
                        """)
                .bindArray("ids", String.class, column(centres, c -> c.id().value()))
                .bindArray("names", String.class, column(centres, Centre::name))
                .bindArray("regions", String.class, column(centres, c -> c.region().value()))
                .bindArray("districts", String.class, column(centres, Centre::district))
                .bindArray("addresses", String.class, column(centres, Centre::address))
                .bindArray("postcodes", String.class, column(centres, Centre::postcode))
                .bindArray("latitudes", Double.class, degrees(centres, Position::latitude))
                .bindArray("longitudes", Double.class, degrees(centres, Position::longitude))
                .bindArray("phones", String.class, column(centres, Centre::phone))
                .bindArray("accessibilities", String.class, column(centres, Centre::accessibility))
                .execute();
    }

    private static Object[] degrees(List<Centre> centres, Function<Position, Double> degrees) {
        return centres.stream().map(c -> c.position().map(degrees).orElse(null)).toArray();
    }

    private static void putCampaign(Handle tx, Campaign campaign) {
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

    private static void putSlots(Handle tx, List<Slot> slots) {
        tx.createUpdate(
                        """
                        INSERT INTO slot (id, campaign, centre, starts_at, ends_at, product, dose)
                        SELECT id, campaign, centre, starts_at, ends_at, product, dose
                        FROM unnest(:ids, :campaigns, :centres, :starts, :ends, :products, :doses)
                            AS wanted (id, campaign, centre, starts_at, ends_at, product, dose)
                        ON CONFLICT (id) DO UPDATE
                        SET starts_at = excluded.starts_at,
                            ends_at = excluded.ends_at,
                            product = excluded.product,
                            dose = excluded.dose
                        """)
                .bindArray("ids", UUID.class, column(slots, s -> s.id().value()))
                .bindArray("campaigns", String.class, column(slots, s -> s.campaign().value()))
                .bindArray("centres", String.class, column(slots, s -> s.centre().value()))
                .bindArray("starts", OffsetDateTime.class, column(slots, s -> at(s.start())))
                .bindArray("ends", OffsetDateTime.class, column(slots, s -> at(s.end())))
                .bindArray("products", String.class, column(slots, Slot::product))
                .bindArray("doses", Integer.class, column(slots, Slot::dose))
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

    private static <R, C> List<C> column(List<R> rows, Function<R, C> value) {
        return rows.stream().map(value).toList();
    }
}
