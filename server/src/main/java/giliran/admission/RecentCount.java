package giliran.admission;

/** How often something happened in the last ten seconds, the present one included. */
final class RecentCount {
    private static final int SECONDS = 10;

    private final long[] second = new long[SECONDS];
    private final int[] count = new int[SECONDS];

    synchronized void add(long now) {
        int at = Math.floorMod(now, SECONDS);
        if (second[at] != now) {
            second[at] = now;
            count[at] = 0;
        }
        count[at]++;
    }

    /** The average; what was counted before the clock was set back is left out. */
    synchronized double perSecond(long now) {
        int sum = 0;
        for (int at = 0; at < SECONDS; at++) {
            if (second[at] > now - SECONDS && second[at] <= now) {
                sum += count[at];
            }
        }
        return (double) sum / SECONDS;
    }
}
