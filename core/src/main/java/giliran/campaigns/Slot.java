package giliran.campaigns;

import java.time.Instant;

/**
 * A window of time at a centre in which several people are vaccinated: an hour, or a whole day.
 *
 * @param end the first instant after the window
 * @param dose which dose of the course is given, 1 to 9
 */
public record Slot(
        SlotId id,
        CampaignId campaign,
        CentreId centre,
        Instant start,
        Instant end,
        String product,
        int dose) {
    public Slot {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("a slot starts before it ends");
        }
        if (dose < 1 || dose > 9) {
            throw new IllegalArgumentException("a dose is 1 to 9");
        }
    }
}
