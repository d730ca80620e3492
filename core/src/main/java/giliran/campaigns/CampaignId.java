package giliran.campaigns;

/**
 * The public name of a campaign, such as {@code az-2021-05}.
 *
 * @param value 1 to 64 characters as {@link TextId} allows
 */
public record CampaignId(String value) {
    public CampaignId {
        TextId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
