package giliran.campaigns;

import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.Centre.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A campaign for tests, open to all and now, of which each test says only what differs. */
public final class TestCampaign {
    public static final ZoneId ZONE = ZoneId.of("Asia/Kuala_Lumpur");

    private final CampaignId id;
    private String name;
    private String product = "Testvax";
    private Instant opensAt = Instant.now().minus(Duration.ofHours(1));
    private Instant closesAt = Instant.now().plus(Duration.ofDays(365));
    private int minimumAge;
    private Set<RegionId> eligibleRegions = Set.of();
    private int allowance;
    private boolean proofOfWork;
    private final List<Region> regions = new ArrayList<>();
    private final List<Centre> centres = new ArrayList<>();
    private final List<PlannedSlot> slots = new ArrayList<>();

    /** A campaign that is its own programme. */
    public TestCampaign(String id) {
        this.id = new CampaignId(id);
        name = "Campaign " + id;
    }

    /** Gives it the name and the vaccine that people see; said before its slots are. */
    public TestCampaign called(String name, String product) {
        this.name = name;
        this.product = product;
        return this;
    }

    public TestCampaign opens(Instant opensAt) {
        this.opensAt = opensAt;
        return this;
    }

    public TestCampaign closes(Instant closesAt) {
        this.closesAt = closesAt;
        return this;
    }

    public TestCampaign minimumAge(int minimumAge) {
        this.minimumAge = minimumAge;
        return this;
    }

    public TestCampaign forThoseIn(String... regions) {
        eligibleRegions = Arrays.stream(regions).map(RegionId::new).collect(Collectors.toSet());
        return this;
    }

    public TestCampaign allowance(int allowance) {
        this.allowance = allowance;
        return this;
    }

    /** With a proof of work asked for. */
    public TestCampaign withProofOfWork() {
        proofOfWork = true;
        return this;
    }

    /** Adds a region that has a name of its own. */
    public TestCampaign region(String region, String name) {
        regions.add(new Region(new RegionId(region), name));
        return this;
    }

    public TestCampaign centre(String centre, String region) {
        RegionId regionId = new RegionId(region);
        if (regions.stream().noneMatch(known -> known.id().equals(regionId))) {
            region(region, "Region " + region);
        }
        centres.add(
                new Centre(
                        new CentreId(centre),
                        "Centre " + centre,
                        regionId,
                        "District",
                        "1 Jalan Ujian",
                        "50000",
                        centres.isEmpty()
                                ? Optional.empty()
                                : Optional.of(new Position(3.1, 101.6)),
                        "",
                        ""));
        return this;
    }

    /** Calls a centre otherwise. */
    public TestCampaign named(String centre, String name) {
        centres.replaceAll(
                its ->
                        its.id().value().equals(centre)
                                ? new Centre(
                                        its.id(),
                                        name,
                                        its.region(),
                                        its.district(),
                                        its.address(),
                                        its.postcode(),
                                        its.position(),
                                        its.phone(),
                                        its.accessibility())
                                : its);
        return this;
    }

    /** Adds an hour at a centre for the first dose. */
    public Slot slot(String centre, Instant start, int capacity) {
        return slot(centre, start, capacity, 1);
    }

    /** Adds an hour at a centre. */
    public Slot slot(String centre, Instant start, int capacity, int dose) {
        Slot slot =
                new Slot(
                        SlotId.of(id, centre + "/" + start + "/" + dose),
                        id,
                        new CentreId(centre),
                        start,
                        start.plus(Duration.ofHours(1)),
                        product,
                        dose);
        slots.add(new PlannedSlot(slot, capacity));
        return slot;
    }

    public CampaignPlan plan() {
        return new CampaignPlan(
                new Campaign(
                        id,
                        name,
                        id.value(),
                        product,
                        opensAt,
                        closesAt,
                        new Eligibility(minimumAge, eligibleRegions),
                        allowance,
                        ZONE,
                        proofOfWork),
                regions,
                centres,
                slots);
    }

    /** The catalogue of these campaigns, without a database. */
    public static Catalogue catalogueOf(TestCampaign... campaigns) {
        List<CampaignPlan> plans = Arrays.stream(campaigns).map(TestCampaign::plan).toList();
        Stream<Slot> slots =
                plans.stream().flatMap(plan -> plan.slots().stream()).map(PlannedSlot::slot);
        return new Catalogue(
                plans.stream().map(CampaignPlan::campaign).toList(),
                plans.stream().flatMap(plan -> plan.regions().stream()).distinct().toList(),
                plans.stream().flatMap(plan -> plan.centres().stream()).toList(),
                slots.sorted(Comparator.comparing(Slot::start)).toList());
    }
}
