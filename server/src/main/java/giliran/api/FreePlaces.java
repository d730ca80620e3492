package giliran.api;

import giliran.campaigns.CampaignId;
import giliran.campaigns.Catalogue;
import giliran.campaigns.CentreId;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.ledger.PlaceCount;
import giliran.ledger.PlaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The slots that had places when they were last counted, arranged for whoever has just missed one.
 * Finding the nearest costs what is found, not what is offered.
 */
final class FreePlaces {
    static final int NEAREST_MAX = 3;

    /** A slot that had places. */
    record Free(Slot slot, int remaining) {}

    private record AtCentre(CampaignId campaign, int dose, CentreId centre) {}

    private record InRegion(CampaignId campaign, int dose, RegionId region) {}

    private record InCampaign(CampaignId campaign, int dose) {}

    /** By each kind of neighbourhood, in order of time. */
    private final Map<Record, List<Free>> neighbourhoods = new HashMap<>();

    private final Catalogue catalogue;

    FreePlaces(Catalogue catalogue, Map<PlaceId, PlaceCount> counts, Instant now) {
        this.catalogue = catalogue;
        catalogue
                .campaigns()
                .forEach(
                        campaign ->
                                catalogue
                                        .slotsOf(campaign.id())
                                        .forEach(
                                                slot -> {
                                                    PlaceCount count =
                                                            counts.get(
                                                                    new PlaceId(
                                                                            slot.centre(),
                                                                            slot.id()));
                                                    if (count != null
                                                            && count.remaining() > 0
                                                            && slot.start().isAfter(now)) {
                                                        add(new Free(slot, count.remaining()));
                                                    }
                                                }));
    }

    private void add(Free free) {
        for (Record neighbourhood : neighbourhoodsOf(free.slot())) {
            neighbourhoods.computeIfAbsent(neighbourhood, k -> new ArrayList<>()).add(free);
        }
    }

    private List<Record> neighbourhoodsOf(Slot slot) {
        List<Record> neighbourhoods = new ArrayList<>();
        neighbourhoods.add(new AtCentre(slot.campaign(), slot.dose(), slot.centre()));
        // An import may have brought the centre since the places were counted.
        catalogue
                .findCentre(slot.centre())
                .map(centre -> new InRegion(slot.campaign(), slot.dose(), centre.region()))
                .ifPresent(neighbourhoods::add);
        neighbourhoods.add(new InCampaign(slot.campaign(), slot.dose()));
        return neighbourhoods;
    }

    /**
     * Up to three slots of the same campaign and dose: first at the same centre, then in the same
     * region, then elsewhere, each nearest in time first.
     *
     * @param now slots that have begun meanwhile are left out
     */
    List<Free> nearest(Slot missed, Instant now) {
        Set<Free> nearest = new LinkedHashSet<>();
        for (Record neighbourhood : neighbourhoodsOf(missed)) {
            List<Free> free = neighbourhoods.getOrDefault(neighbourhood, List.of());
            int after = firstFrom(free, missed.start());
            int before = after - 1;
            while (nearest.size() < NEAREST_MAX && (before >= 0 || after < free.size())) {
                boolean isAfterNearer =
                        before < 0
                                || (after < free.size()
                                        && away(free.get(after), missed)
                                                        .compareTo(away(free.get(before), missed))
                                                <= 0);
                Free next = free.get(isAfterNearer ? after++ : before--);
                if (!next.slot().equals(missed) && next.slot().start().isAfter(now)) {
                    nearest.add(next);
                }
            }
        }
        return List.copyOf(nearest);
    }

    private static Duration away(Free free, Slot missed) {
        return Duration.between(free.slot().start(), missed.start()).abs();
    }

    /** The index of the first slot that starts at that time or later. */
    private static int firstFrom(List<Free> free, Instant start) {
        int low = 0;
        int high = free.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (free.get(middle).slot().start().isBefore(start)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
