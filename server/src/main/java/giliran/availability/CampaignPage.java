package giliran.availability;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Campaign;
import giliran.campaigns.RegionId;
import giliran.edge.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A campaign and how many places are left in its regions.
 *
 * @param regions by name
 */
record CampaignPage(Campaign campaign, List<RegionPage> regions) {
    /** The campaign as it is listed among all. */
    ObjectNode summary(Instant now) {
        return Json.object()
                .put("id", campaign.id().value())
                .put("name", campaign.name())
                .put("product", campaign.product())
                .put("opensAt", Times.text(campaign.opensAt(), campaign))
                .put("closesAt", Times.text(campaign.closesAt(), campaign))
                .put("status", campaign.status(now).name().toLowerCase(Locale.ROOT))
                .put("proofOfWork", campaign.proofOfWork());
    }

    ObjectNode whole(Instant now) {
        ObjectNode whole =
                summary(now)
                        .put("timeZone", campaign.timeZone().getId())
                        .put("minimumAge", campaign.eligibility().minimumAge());
        ArrayNode eligible = whole.putArray("eligibleRegions");
        campaign.eligibility().regions().stream()
                .map(RegionId::value)
                .sorted()
                .forEach(eligible::add);
        ArrayNode listed = whole.putArray("regions");
        for (RegionPage region : regions) {
            listed.addObject()
                    .put("id", region.content().region().id().value())
                    .put("name", region.content().region().name())
                    .put("remaining", region.remaining());
        }
        return whole;
    }
}
