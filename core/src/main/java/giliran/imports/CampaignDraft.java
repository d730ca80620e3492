package giliran.imports;

import giliran.campaigns.Campaign;
import giliran.campaigns.CampaignId;
import giliran.campaigns.Eligibility;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A campaign's settings as a source gives them: when it opens and closes may be left to what is
 * there already, or to the slots.
 *
 * @param file where they are given, for a problem that shows only later
 * @param closesLine where the closing is given in it, 0 if nowhere
 */
public record CampaignDraft(
        CampaignId id,
        String name,
        String programme,
        String product,
        Optional<Instant> opensAt,
        Optional<Instant> closesAt,
        Eligibility eligibility,
        int allowance,
        ZoneId timeZone,
        boolean proofOfWork,
        String file,
        long closesLine) {

    /** The settings of a campaign that leaves nothing open. */
    static CampaignDraft of(Campaign campaign) {
        return new CampaignDraft(
                campaign.id(),
                campaign.name(),
                campaign.programme(),
                campaign.product(),
                Optional.of(campaign.opensAt()),
                Optional.of(campaign.closesAt()),
                campaign.eligibility(),
                campaign.allowance(),
                campaign.timeZone(),
                campaign.proofOfWork(),
                campaign.id().value(),
                0);
    }

    /** What is wrong if there is no campaign with these usual times. */
    FileProblem neverOpen(Instant usualOpening, Instant usualClosing) {
        return new FileProblem(
                file,
                closesLine,
                "the campaign opens at %s and closes at %s; it must open before it closes"
                        .formatted(opensAt.orElse(usualOpening), closesAt.orElse(usualClosing)));
    }

    /**
     * The campaign; empty if it would not open before it closes.
     *
     * @param usualOpening when it opens if that is left open
     * @param usualClosing when it closes if that is left open
     */
    Optional<Campaign> campaign(Instant usualOpening, Instant usualClosing) {
        Instant opens = opensAt.orElse(usualOpening);
        Instant closes = closesAt.orElse(usualClosing);
        if (!opens.isBefore(closes)) {
            return Optional.empty();
        }
        return Optional.of(
                new Campaign(
                        id,
                        name,
                        programme,
                        product,
                        opens,
                        closes,
                        eligibility,
                        allowance,
                        timeZone,
                        proofOfWork));
    }
}
