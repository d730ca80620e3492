package giliran.booking;

import giliran.campaigns.CampaignId;
import giliran.people.PersonDetails;
import java.time.Instant;
import java.util.UUID;

/**
 * What a pass says: this person may book in this campaign, this dose, from then until then.
 *
 * @param epoch the campaign's epoch when it was made; raising the epoch ends it
 * @param validUntil the first instant at which it is good no more
 */
record Pass(
        UUID id,
        CampaignId campaign,
        int epoch,
        int dose,
        Instant validFrom,
        Instant validUntil,
        PersonDetails person) {}
