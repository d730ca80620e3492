package giliran.campaigns;

import java.util.Optional;

/**
 * A place where people are vaccinated.
 *
 * @param phone as printed, for a person to call; empty text if there is none
 * @param accessibility in words, for a person to read; empty text if nothing is known
 */
public record Centre(
        CentreId id,
        String name,
        RegionId region,
        String district,
        String address,
        String postcode,
        Optional<Position> position,
        String phone,
        String accessibility) {

    /** A point on the map, in degrees (WGS 84). */
    public record Position(double latitude, double longitude) {
        public Position {
            if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
                throw new IllegalArgumentException("a position lies on the globe");
            }
        }
    }
}
