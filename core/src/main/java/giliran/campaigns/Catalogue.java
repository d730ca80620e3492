package giliran.campaigns;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All that is offered, in memory and unchanging: look-ups on it need no database. */
public final class Catalogue {
    private final Map<CampaignId, Campaign> campaigns;
    private final Map<RegionId, Region> regions;
    private final Map<CentreId, Centre> centres;
    private final Map<SlotId, Slot> slots;
    private final Map<CampaignId, List<Slot>> slotsByCampaign;
    private final Map<CampaignId, List<Region>> regionsByCampaign = new ConcurrentHashMap<>();
    private final Map<CampaignId, List<Integer>> dosesByCampaign = new ConcurrentHashMap<>();

    /** The lists' order is kept wherever several are returned. */
    Catalogue(
            List<Campaign> campaigns,
            List<Region> regions,
            List<Centre> centres,
            List<Slot> slots) {
        this.campaigns = index(campaigns, Campaign::id);
        this.regions = index(regions, Region::id);
        this.centres = index(centres, Centre::id);
        this.slots = index(slots, Slot::id);
        slotsByCampaign = slots.stream().collect(Collectors.groupingBy(Slot::campaign));
    }

    private static <K, V> Map<K, V> index(List<V> values, Function<V, K> key) {
        return values.stream()
                .collect(
                        Collectors.toMap(
                                key, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    /** In order of opening. */
    public Collection<Campaign> campaigns() {
        return campaigns.values();
    }

    public Optional<Campaign> findCampaign(CampaignId id) {
        return Optional.ofNullable(campaigns.get(id));
    }

    public Optional<Slot> findSlot(SlotId id) {
        return Optional.ofNullable(slots.get(id));
    }

    public Optional<Region> findRegion(RegionId id) {
        return Optional.ofNullable(regions.get(id));
    }

    /** The slot of an appointment. */
    public Slot getSlot(SlotId id) {
        return get(slots, id);
    }

    public Optional<Centre> findCentre(CentreId id) {
        return Optional.ofNullable(centres.get(id));
    }

    /** The centre of a slot of this catalogue. */
    public Centre getCentre(CentreId id) {
        return get(centres, id);
    }

    /** The campaign of a slot of this catalogue. */
    public Campaign getCampaign(CampaignId id) {
        return get(campaigns, id);
    }

    private static <K, V> V get(Map<K, V> map, K id) {
        V value = map.get(id);
        if (value == null) {
            throw new IllegalArgumentException("not in the catalogue: " + id);
        }
        return value;
    }

    /** The slots of a campaign in order of time. */
    public List<Slot> slotsOf(CampaignId campaign) {
        return slotsByCampaign.getOrDefault(campaign, List.of());
    }

    /** The regions, by name, in which a campaign has slots; looked for once. */
    public List<Region> regionsOf(CampaignId campaign) {
        return regionsByCampaign.computeIfAbsent(
                campaign,
                first -> {
                    var used =
                            slotsOf(campaign).stream()
                                    .map(slot -> getCentre(slot.centre()).region())
                                    .collect(Collectors.toSet());
                    return regions.values().stream()
                            .filter(region -> used.contains(region.id()))
                            .toList();
                });
    }

    /** The doses that a campaign has slots for, the first one first; looked for once. */
    public List<Integer> dosesOf(CampaignId campaign) {
        return dosesByCampaign.computeIfAbsent(
                campaign,
                first -> slotsOf(campaign).stream().map(Slot::dose).distinct().sorted().toList());
    }

    /** The centres, by name, at which a campaign has slots. */
    public List<Centre> centresOf(CampaignId campaign) {
        var used = slotsOf(campaign).stream().map(Slot::centre).collect(Collectors.toSet());
        return centres.values().stream().filter(centre -> used.contains(centre.id())).toList();
    }
}
