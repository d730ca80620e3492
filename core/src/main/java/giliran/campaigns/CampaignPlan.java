package giliran.campaigns;

import java.util.List;

/** A campaign as it is to be set up: all that its files say, checked and ready to be applied. */
public record CampaignPlan(
        Campaign campaign, List<Region> regions, List<Centre> centres, List<PlannedSlot> slots) {
    public CampaignPlan {
        regions = List.copyOf(regions);
        centres = List.copyOf(centres);
        slots = List.copyOf(slots);
    }

    /** A slot with the places that its centre offers in it, 0 or more. */
    public record PlannedSlot(Slot slot, int capacity) {
        public PlannedSlot {
            if (capacity < 0) {
                throw new IllegalArgumentException("a capacity is 0 or more places");
            }
        }
    }
}
