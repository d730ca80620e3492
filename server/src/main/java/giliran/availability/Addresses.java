package giliran.availability;

import giliran.campaigns.Centre;
import java.util.List;

/** Tells where a centre is. */
public final class Addresses {
    private Addresses() {}

    /** The address of a map of where it is; empty text if that is not known. */
    public static String map(Centre centre) {
        return centre.position()
                .map(
                        at ->
                                "https://www.openstreetmap.org/?mlat=%1$s&mlon=%2$s#map=17/%1$s/%2$s"
                                        .formatted(at.latitude(), at.longitude()))
                .orElse("");
    }

    /** The address on one line, with its postcode and district where the line has not said them. */
    public static String line(Centre centre) {
        StringBuilder line = new StringBuilder(centre.address());
        for (String part : List.of(centre.postcode(), centre.district())) {
            if (!part.isEmpty() && line.indexOf(part) < 0) {
                line.append(line.isEmpty() ? "" : ", ").append(part);
            }
        }
        return line.toString();
    }
}
