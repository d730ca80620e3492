package giliran.pages;

import giliran.availability.Addresses;
import giliran.campaigns.Campaign;
import giliran.campaigns.Centre;
import giliran.campaigns.Slot;

/** Where and when somebody may be vaccinated, as a person reads it. */
public record Place(Campaign campaign, Slot slot, Centre centre) {
    public String address() {
        return Addresses.line(centre);
    }

    /** The day and the time from which to which it lasts, on the clocks there. */
    public String when(Frame frame) {
        return frame.say(
                "place.when",
                "start",
                frame.moment(slot.start(), campaign),
                "end",
                frame.time(slot.end(), campaign));
    }

    /** The address of a map; empty text if it is not known where the centre is. */
    public String map() {
        return Addresses.map(centre);
    }

    /** The list of places in its region. */
    public String list(Frame frame) {
        return frame.href(CampaignView.path(campaign) + "/regions/" + centre.region());
    }
}
