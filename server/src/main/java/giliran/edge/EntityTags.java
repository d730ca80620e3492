package giliran.edge;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The entity tags that a client has already (RFC 9110, 13.1.2). */
final class EntityTags {
    /** Opaque characters may be anything but controls and quotes: a comma, too. */
    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[!#-~\\x80-\\xFF]*\")");

    private EntityTags() {}

    /**
     * Whether a client has this one, or any; weak or strong is the same here.
     *
     * @param headers the values of all {@code If-None-Match} fields
     */
    static boolean contain(List<String> headers, String tag) {
        for (String header : headers) {
            if (header.equals(tag) || header.strip().equals("*")) {
                return true;
            }
            Matcher matcher = TAG.matcher(header);
            while (matcher.find()) {
                if (matcher.group(1).equals(tag)) {
                    return true;
                }
            }
        }
        return false;
    }
}
