package giliran.availability;

import giliran.campaigns.Centre;
import java.util.List;

/** Writes where a centre is. */
public final class Addresses {
    private Addresses() {}

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
