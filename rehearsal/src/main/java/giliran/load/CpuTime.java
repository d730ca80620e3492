package giliran.load;

import java.lang.management.ManagementFactory;

/** The CPU time that the calling thread has taken since this was made. */
public final class CpuTime {
    private final long begunNanos = taken();

    private static long taken() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** What each of so many requests took, in microseconds. */
    public double microsEach(long requests) {
        return (taken() - begunNanos) / 1e3 / Math.max(1, requests);
    }
}
