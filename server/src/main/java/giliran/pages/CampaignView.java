package giliran.pages;

import giliran.campaigns.Campaign;
import giliran.campaigns.Region;
import java.time.Instant;
import java.util.List;

/**
 * A campaign as it is shown.
 *
 * @param regions by name
 * @param asOf when the places were counted; the epoch unless booking is paused
 */
public record CampaignView(
        Campaign campaign, Standing standing, List<RegionView> regions, Instant asOf) {
    /** A region and the places that are left in it. */
    public record RegionView(Region region, PlacesLeft left) {}

    /** The regions that people must live in, by name; none if they may live anywhere. */
    public List<String> eligible() {
        return regions.stream()
                .map(RegionView::region)
                .filter(region -> campaign.eligibility().regions().contains(region.id()))
                .map(Region::name)
                .toList();
    }

    /** Where its pages are, after the language. */
    public String path() {
        return path(campaign);
    }

    public static String path(Campaign campaign) {
        return "/c/" + campaign.id();
    }

    public static String path(Campaign campaign, Region region) {
        return path(campaign) + "/regions/" + region.id();
    }
}
