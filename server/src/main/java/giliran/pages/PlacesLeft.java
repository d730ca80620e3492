package giliran.pages;

/**
 * How many places are left, as people are told: exactly while there are fewer than 20, and from
 * there on a round number that there are at least. So a page changes no more often than it helps
 * its reader.
 *
 * @param atLeast 0 to 19, or a round number that is not above the true one
 * @param mayReturn whether none is left, but some are only held and may come free
 */
public record PlacesLeft(int atLeast, boolean mayReturn) {
    private static final int ROUND_FROM = 20;

    static PlacesLeft of(int remaining, int held) {
        return new PlacesLeft(told(remaining), remaining == 0 && held > 0);
    }

    /** Of 20 or more, the greatest of 20, 50, 100, 200, 500 and so on that is not above. */
    private static int told(int remaining) {
        int told = Math.min(remaining, ROUND_FROM);
        for (long next = ROUND_FROM; next <= remaining; next = following(next)) {
            told = (int) next;
        }
        return told;
    }

    private static long following(long round) {
        return Long.toString(round).startsWith("2") ? round / 2 * 5 : round * 2;
    }

    public boolean isFree() {
        return atLeast > 0;
    }

    /** Whether none is left, and none is held. */
    public boolean isGone() {
        return !isFree() && !mayReturn;
    }

    /** Whether exactly so many are left. */
    public boolean isExact() {
        return atLeast < ROUND_FROM;
    }

    /** The number as it is read in every language: "7", or "50+" for 50 or more. */
    public String text() {
        return atLeast + (isExact() ? "" : "+");
    }
}
