package giliran.campaigns;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A round of appointments for one vaccine product that opens and closes at stated instants.
 *
 * @param programme the scope within which one person has at most one live appointment a dose, so
 *     that two campaigns of a programme do not give one person two places
 * @param product the vaccine product's name
 * @param opensAt the first instant at which a place can be taken
 * @param closesAt the first instant at which none can be taken any more
 * @param allowance places a slot that may be booked above its capacity, 0 or more
 * @param proofOfWork whether who asks for a pass, or books without one, must show that their device
 *     has worked for it
 */
public record Campaign(
        CampaignId id,
        String name,
        String programme,
        String product,
        Instant opensAt,
        Instant closesAt,
        Eligibility eligibility,
        int allowance,
        ZoneId timeZone,
        boolean proofOfWork) {
    public Campaign {
        TextId.check(programme);
        if (name.isBlank() || product.isBlank()) {
            throw new IllegalArgumentException("a campaign has a name and a product");
        }
        if (!opensAt.isBefore(closesAt)) {
            throw new IllegalArgumentException("a campaign opens before it closes");
        }
        if (allowance < 0) {
            throw new IllegalArgumentException("an allowance is 0 or more places a slot");
        }
    }

    /** Where a campaign stands between its opening and its closing. */
    public enum Status {
        SCHEDULED,
        OPEN,
        CLOSED
    }

    public Status status(Instant now) {
        if (now.isBefore(opensAt)) {
            return Status.SCHEDULED;
        }
        return now.isBefore(closesAt) ? Status.OPEN : Status.CLOSED;
    }

    /** The day on which an instant falls where the campaign is held. */
    public LocalDate dayOf(Instant instant) {
        return instant.atZone(timeZone).toLocalDate();
    }
}
