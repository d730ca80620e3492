package giliran.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Centre;
import giliran.campaigns.Region;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.edge.Answer;
import giliran.edge.Json;
import giliran.edge.Piece;
import giliran.edge.PublishedAnswers;
import giliran.ledger.PlaceCount;
import giliran.ledger.PlaceCounts;
import giliran.ledger.PlaceId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Renders what campaigns offer, and how many places are left, and publishes it. A region is
 * rendered again only when one of its counters, or what is offered in it, has changed.
 */
public final class PublishCampaigns implements Runnable {
    static final String CAMPAIGNS = "/api/v1/campaigns";
    private static final Function<String, Answer> NO_CAMPAIGN =
            Problem.published(ProblemType.UNKNOWN, "campaign", ProblemType.Retry.NEVER);
    private static final Function<String, Answer> NO_REGION =
            Problem.published(ProblemType.UNKNOWN, "region", ProblemType.UNKNOWN.retry);
    private static final PlaceCount NONE = new PlaceCount(0, 0, 0, 0);

    private record RegionOfCampaign(CampaignId campaign, RegionId region) {}

    /** A region's answer and what it shows. */
    private record Rendered(
            Catalogue offered,
            Campaign campaign,
            List<Centre> centres,
            List<Slot> slots,
            List<PlaceCount> counts,
            Answer answer) {}

    private final Supplier<Catalogue> catalogue;
    private final PlaceCounts placeCounts;
    private final PublishedAnswers published;
    private final InstantSource clock;
    private final Map<RegionOfCampaign, Rendered> rendered = new HashMap<>();
    private volatile FreePlaces free;

    /** When the counters were last read; it never goes back, even if the clock does. */
    private Instant asOf = Instant.MIN;

    public PublishCampaigns(
            Supplier<Catalogue> catalogue,
            PlaceCounts placeCounts,
            PublishedAnswers published,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.placeCounts = placeCounts;
        this.published = published;
        this.clock = clock;
        free = new FreePlaces(catalogue.get(), Map.of(), clock.instant());
    }

    /** The places that were free at the last publication. */
    FreePlaces free() {
        return free;
    }

    /** Reads the counters and publishes; for one thread at a time. */
    @Override
    public void run() {
        Catalogue offered = catalogue.get();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        asOf = now.isAfter(asOf) ? now : asOf;
        placeCounts.readAll();
        Map<PlaceId, PlaceCount> counts = Map.copyOf(placeCounts.all());
        Map<String, Answer> answers = new HashMap<>();
        Map<String, Function<String, Answer>> missing = new HashMap<>();
        missing.put(CAMPAIGNS + "/*", NO_CAMPAIGN);
        missing.put(CAMPAIGNS + "/*/availability", NO_CAMPAIGN);
        ObjectNode list = Json.object();
        ArrayNode campaigns = list.putArray("campaigns");
        for (Campaign campaign : offered.campaigns()) {
            campaigns.add(campaign(campaign, now));
            ObjectNode single = campaign(campaign, now);
            single.put("timeZone", campaign.timeZone().getId());
            single.put("minimumAge", campaign.eligibility().minimumAge());
            ArrayNode eligible = single.putArray("eligibleRegions");
            campaign.eligibility().regions().stream()
                    .map(RegionId::value)
                    .sorted()
                    .forEach(eligible::add);
            ArrayNode regions = single.putArray("regions");
            Map<RegionId, List<Slot>> slots = slotsByRegion(offered, campaign);
            for (Region region : offered.regionsOf(campaign.id())) {
                List<Slot> its = slots.getOrDefault(region.id(), List.of());
                List<PlaceCount> shown = its.stream().map(slot -> count(counts, slot)).toList();
                regions.addObject()
                        .put("id", region.id().value())
                        .put("name", region.name())
                        .put("remaining", shown.stream().mapToLong(PlaceCount::remaining).sum());
                answers.put(
                        CAMPAIGNS + "/" + campaign.id() + "/availability?region=" + region.id(),
                        availability(offered, campaign, region, its, shown));
            }
            answers.put(CAMPAIGNS + "/" + campaign.id(), json(single));
            missing.put(CAMPAIGNS + "/" + campaign.id() + "/availability?region=*", NO_REGION);
        }
        answers.put(CAMPAIGNS, json(list));
        free = new FreePlaces(offered, counts, now);
        published.publish(new PublishedAnswers.Offer(answers, missing), asOf);
    }

    private static PlaceCount count(Map<PlaceId, PlaceCount> counts, Slot slot) {
        return counts.getOrDefault(new PlaceId(slot.centre(), slot.id()), NONE);
    }

    private static Map<RegionId, List<Slot>> slotsByRegion(Catalogue offered, Campaign campaign) {
        Map<RegionId, List<Slot>> slots = new HashMap<>();
        for (Slot slot : offered.slotsOf(campaign.id())) {
            slots.computeIfAbsent(offered.getCentre(slot.centre()).region(), k -> new ArrayList<>())
                    .add(slot);
        }
        return slots;
    }

    private static ObjectNode campaign(Campaign campaign, Instant now) {
        return Json.object()
                .put("id", campaign.id().value())
                .put("name", campaign.name())
                .put("product", campaign.product())
                .put("opensAt", Times.text(campaign.opensAt(), campaign))
                .put("closesAt", Times.text(campaign.closesAt(), campaign))
                .put("status", campaign.status(now).name().toLowerCase(Locale.ROOT))
                .put("proofOfWork", campaign.proofOfWork());
    }

    private Answer availability(
            Catalogue offered,
            Campaign campaign,
            Region region,
            List<Slot> slots,
            List<PlaceCount> counts) {
        RegionOfCampaign key = new RegionOfCampaign(campaign.id(), region.id());
        Rendered before = rendered.get(key);
        if (before != null && before.offered() == offered && before.counts().equals(counts)) {
            return before.answer();
        }
        List<Centre> centres = offered.centresOf(campaign.id(), region.id());
        boolean isSame =
                before != null
                        && before.counts().equals(counts)
                        && before.campaign().equals(campaign)
                        && before.centres().equals(centres)
                        && before.slots().equals(slots);
        Answer answer =
                before != null && isSame
                        ? before.answer()
                        : render(campaign, region, centres, slots, counts, asOf);
        rendered.put(key, new Rendered(offered, campaign, centres, slots, counts, answer));
        return answer;
    }

    private static Answer render(
            Campaign campaign,
            Region region,
            List<Centre> offeredCentres,
            List<Slot> slots,
            List<PlaceCount> counts,
            Instant changedAt) {
        ObjectNode answer = Json.object();
        answer.put("campaign", campaign.id().value());
        answer.put("region", region.id().value());
        answer.put("changedAt", changedAt.toString());
        ArrayNode centres = answer.putArray("centres");
        for (Centre centre : offeredCentres) {
            ArrayNode dates = centre(centres, centre).putArray("dates");
            LocalDate date = LocalDate.MIN;
            ArrayNode slotsOfDate = Json.object().putArray("slots");
            for (int i = 0; i < slots.size(); i++) {
                Slot slot = slots.get(i);
                if (!slot.centre().equals(centre.id())) {
                    continue;
                }
                if (!campaign.dayOf(slot.start()).equals(date)) {
                    date = campaign.dayOf(slot.start());
                    slotsOfDate = dates.addObject().put("date", date.toString()).putArray("slots");
                }
                slotsOfDate
                        .addObject()
                        .put("id", slot.id().toString())
                        .put("start", Times.text(slot.start(), campaign))
                        .put("end", Times.text(slot.end(), campaign))
                        .put("dose", slot.dose())
                        .put("remaining", counts.get(i).remaining())
                        .put("held", counts.get(i).held());
            }
        }
        return json(answer);
    }

    private static ObjectNode centre(ArrayNode centres, Centre centre) {
        ObjectNode node =
                centres.addObject()
                        .put("id", centre.id().value())
                        .put("name", centre.name())
                        .put("address", address(centre));
        centre.position()
                .ifPresentOrElse(
                        position ->
                                node.putObject("position")
                                        .put("latitude", position.latitude())
                                        .put("longitude", position.longitude()),
                        () -> node.putNull("position"));
        return node;
    }

    /** The address on one line, with its postcode and district where the line has not said them. */
    static String address(Centre centre) {
        StringBuilder line = new StringBuilder(centre.address());
        for (String part : List.of(centre.postcode(), centre.district())) {
            if (!part.isEmpty() && line.indexOf(part) < 0) {
                line.append(line.isEmpty() ? "" : ", ").append(part);
            }
        }
        return line.toString();
    }

    private static Answer json(ObjectNode node) {
        return Answer.json(List.of(Piece.of(Json.bytes(node).getBytes())));
    }
}
