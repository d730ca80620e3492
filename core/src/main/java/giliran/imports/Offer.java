package giliran.imports;

import giliran.campaigns.Centre;
import giliran.campaigns.CentreId;
import giliran.campaigns.Region;
import java.util.List;
import java.util.Map;

/**
 * What a source says beside its slots.
 *
 * @param centreSources centres in their publisher's own form, where there is one
 * @param schedules schedules by id, in their publisher's own form
 * @param notices what was left out and why, for the person who imports
 */
public record Offer(
        CampaignDraft campaign,
        List<Region> regions,
        List<Centre> centres,
        Map<CentreId, String> centreSources,
        Map<String, String> schedules,
        List<String> notices) {
    public Offer {
        regions = List.copyOf(regions);
        centres = List.copyOf(centres);
        centreSources = Map.copyOf(centreSources);
        schedules = Map.copyOf(schedules);
        notices = List.copyOf(notices);
    }
}
