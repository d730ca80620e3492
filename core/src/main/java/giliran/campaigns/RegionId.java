package giliran.campaigns;

/**
 * The public name of a region of the country, such as {@code selangor}.
 *
 * @param value 1 to 64 characters as {@link TextId} allows
 */
public record RegionId(String value) {
    public RegionId {
        TextId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
