package giliran.pages;

/**
 * How many places are left, as people are told: exactly while there are few, and from there on a
 * round number that there are at least. So a page changes no more often than it helps its reader.
 *
 * @param atLeast 0 to 20, or a round number that is not above the true one
 * @param mayReturn whether none is left, but some are only held and may come free
 */
public record PlacesLeft(int atLeast, boolean mayReturn) {
    private static final int EXACT_MAX = 20;

    static PlacesLeft of(int remaining, int held) {
        return new PlacesLeft(told(remaining), remaining == 0 && held > 0);
    }

    /** Of more than 20, the greatest of 20, 50, 100, 200, 500 and so on that is not above. */
    private static int told(int remaining) {
        int told = Math.min(remaining, EXACT_MAX);
        for (long next = EXACT_MAX; next <= remaining; next = following(next)) {
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

    /** The number as it is written in every language: "7", or "50+" for 50 or more. */
    public String text() {
        return atLeast + (atLeast < EXACT_MAX ? "" : "+");
    }
}
