package giliran.availability;

import giliran.campaigns.Campaign;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/** Writes instants as clocks show them where a campaign is held (RFC 3339, with its offset). */
public final class Times {
    private Times() {}

    /** With the offset that is in force there then. */
    public static String text(Instant instant, Campaign campaign) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(there(instant, campaign));
    }

    /** The instant as a date and a time of day there. */
    public static OffsetDateTime there(Instant instant, Campaign campaign) {
        return instant.atZone(campaign.timeZone()).toOffsetDateTime();
    }
}
