package giliran.campaigns;

/**
 * The public name of a centre, such as {@code WTCKL}.
 *
 * @param value 1 to 64 characters as {@link TextId} allows
 */
public record CentreId(String value) {
    public CentreId {
        TextId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
