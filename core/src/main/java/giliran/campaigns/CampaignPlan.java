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

    /**
     * A slot with the places that its centre offers in it.
     *
     * @param capacity 0 or more; of a busy slot it means nothing
     * @param isBusy the publisher has no more places in it, however many have been taken here
     */
    public record PlannedSlot(Slot slot, int capacity, boolean isBusy, Published published) {
        public PlannedSlot {
            if (capacity < 0) {
                throw new IllegalArgumentException("a capacity is 0 or more places");
            }
        }

        public PlannedSlot(Slot slot, int capacity) {
            this(slot, capacity, false, Published.unnamed(slot));
        }
    }

    /**
     * What a publisher says of a slot beyond our own words; empty text for what it does not say.
     *
     * @param key what it calls the slot; unique in the campaign
     * @param source the slot in the publisher's own form, to be published again
     */
    public record Published(String key, String bookingPhone, String bookingLink, String source) {
        /** A slot that is called what it is. */
        public static Published named(String key) {
            return new Published(key, "", "", "");
        }

        static Published unnamed(Slot slot) {
            return named(slot.id().toString());
        }
    }
}
