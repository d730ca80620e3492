package giliran.edge;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which content coding a client prefers (RFC 9110, 12.5.3), of the two that we have. */
final class AcceptEncoding {
    private static final Pattern WEIGHT = Pattern.compile("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)");

    private AcceptEncoding() {}

    /**
     * Whether to answer with gzip. Who refuses both, or writes what nobody can read, is answered
     * without a coding rather than not at all.
     *
     * @param header the field's value; empty if there is none
     */
    static boolean prefersGzip(String header) {
        double gzip = -1;
        double identity = -1;
        double others = -1;
        for (int from = 0; from < header.length(); ) {
            int comma = header.indexOf(',', from);
            int to = comma < 0 ? header.length() : comma;
            int semicolon = header.indexOf(';', from);
            boolean isWeighted = semicolon >= 0 && semicolon < to;
            int end = isWeighted ? semicolon : to;
            double weight = isWeighted ? weight(header.substring(semicolon + 1, to)) : 1;
            if (is("gzip", header, from, end) || is("x-gzip", header, from, end)) {
                gzip = Math.max(gzip, weight);
            } else if (is("identity", header, from, end)) {
                identity = Math.max(identity, weight);
            } else if (is("*", header, from, end)) {
                others = Math.max(others, weight);
            }
            from = to + 1;
        }
        double ours = gzip >= 0 ? gzip : Math.max(0, others);
        return ours > 0 && ours >= identity;
    }

    /** Whether that part of the header is this coding, without making a text of it. */
    private static boolean is(String coding, String header, int from, int to) {
        int first = from;
        int end = to;
        while (first < end && header.charAt(first) <= ' ') {
            first++;
        }
        while (first < end && header.charAt(end - 1) <= ' ') {
            end--;
        }
        return end - first == coding.length()
                && header.regionMatches(true, first, coding, 0, coding.length());
    }

    /** A weight as {@code q=0.5}; 0 if it is none, since then nobody knows what was meant. */
    private static double weight(String parameter) {
        String text = parameter.strip().toLowerCase(Locale.ROOT);
        return WEIGHT.matcher(text).matches() ? Double.parseDouble(text.substring(2)) : 0;
    }
}
