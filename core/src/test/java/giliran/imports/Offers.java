package giliran.imports;

import giliran.campaigns.CampaignId;
import giliran.campaigns.CampaignPlan.PlannedSlot;
import giliran.campaigns.CampaignPlan.Published;
import giliran.campaigns.Centre;
import giliran.campaigns.CentreId;
import giliran.campaigns.Eligibility;
import giliran.campaigns.Region;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An offer in memory that a test changes as its story goes on. */
final class Offers {
    static final CampaignId CAMPAIGN = new CampaignId("spring");
    static final Instant START = Instant.parse("2031-05-05T01:00:00Z");
    static final Instant END = START.plusSeconds(3_600);

    String programme = "covid-19";
    Optional<Instant> opens = Optional.empty();
    int minimumAge = 18;
    int allowance;
    String centreName = "Town hall";
    final List<PlannedSlot> slots = new ArrayList<>();

    static PlannedSlot slot(String key, int capacity) {
        return slot(key, "A", 1, START, capacity);
    }

    static PlannedSlot slot(String key, String centre, int dose, Instant start, int capacity) {
        return new PlannedSlot(
                new Slot(
                        SlotId.of(CAMPAIGN, key),
                        CAMPAIGN,
                        new CentreId(centre),
                        start,
                        start.plusSeconds(3_600),
                        "AstraZeneca",
                        dose),
                capacity,
                false,
                Published.named(key));
    }

    static PlannedSlot busy(String key) {
        PlannedSlot free = slot(key, 0);
        return new PlannedSlot(free.slot(), 0, true, free.published());
    }

    Offers with(PlannedSlot... offered) {
        slots.clear();
        slots.addAll(List.of(offered));
        return this;
    }

    Offer offer() {
        RegionId region = new RegionId("kl");
        return new Offer(
                new CampaignDraft(
                        CAMPAIGN,
                        "Spring round",
                        programme,
                        "AstraZeneca",
                        opens,
                        Optional.empty(),
                        new Eligibility(minimumAge, Set.of()),
                        allowance,
                        ZoneId.of("Asia/Kuala_Lumpur"),
                        false,
                        "campaign.yaml",
                        0),
                List.of(new Region(region, "Kuala Lumpur")),
                List.of(centre("A", centreName, region), centre("B", "School", region)),
                Map.of(),
                Map.of(),
                List.of());
    }

    private static Centre centre(String id, String name, RegionId region) {
        return new Centre(
                new CentreId(id), name, region, "", "1 High Street", "", Optional.empty(), "", "");
    }

    CampaignSource source() {
        return (now, sink) -> {
            slots.forEach(sink);
            return new CampaignSource.Result.Read(offer());
        };
    }
}
