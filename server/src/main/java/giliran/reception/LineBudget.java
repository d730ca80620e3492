package giliran.reception;

/**
 * How many lines a second may be written of one kind, so that a crowd fills no disk; the others are
 * counted.
 */
final class LineBudget {
    private static final long SECOND = 1_000_000_000;

    private final int linesASecond;
    private long second = Long.MIN_VALUE;
    private int written;
    private long leftOut;

    LineBudget(int linesASecond) {
        this.linesASecond = linesASecond;
    }

    /** Whether a line may be written now. */
    synchronized boolean take(long nowNanos) {
        long current = Math.floorDiv(nowNanos, SECOND);
        if (current != second) {
            second = current;
            written = 0;
        }
        if (written == linesASecond) {
            leftOut++;
            return false;
        }
        written++;
        return true;
    }

    /** How many lines were left out since this was asked last. */
    synchronized long takeLeftOut() {
        long since = leftOut;
        leftOut = 0;
        return since;
    }
}
