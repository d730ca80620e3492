package giliran.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The CPU time that processes and threads have had, and what threads have allocated. */
public final class Usage {
    /** What Linux counts in, on every machine that Java 25 runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11;
    private static final int ENDED_CHILDREN_TIME = 13;

    private static final Pattern CPU = Pattern.compile(" cpu=([0-9.]+)ms");
    private static final Pattern ALLOCATED = Pattern.compile(" allocated=([0-9]+)([BKMGT]?)");

    /**
     * Of the threads of a Java process whose names begin alike.
     *
     * @param allocatedBytes as exact as jcmd tells it
     */
    public record Threads(double cpuSeconds, double allocatedBytes) {
        /** What has come since then. */
        public Threads since(Threads before) {
            return new Threads(
                    cpuSeconds - before.cpuSeconds, allocatedBytes - before.allocatedBytes);
        }
    }

    private Usage() {}

    /** CPU seconds of a process and of the children that it has now. */
    public static double cpuSeconds(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.children())
                .mapToDouble(its -> seconds(String.valueOf(its.pid()), USER_TIME))
                .sum();
    }

    /** CPU seconds of all children of ours that have ended. */
    public static double cpuSecondsOfEndedChildren() {
        return seconds("self", ENDED_CHILDREN_TIME);
    }

    /** What the living threads of a Java process whose names begin so have used until now. */
    public static Threads threads(ProcessHandle java, String namesBegin) {
        double cpuMillis = 0;
        double allocated = 0;
        for (String line : Memory.jcmd(java, "Thread.print", "-e").lines().toList()) {
            if (line.startsWith("\"" + namesBegin)) {
                var cpu = CPU.matcher(line);
                var bytes = ALLOCATED.matcher(line);
                cpuMillis += cpu.find() ? Double.parseDouble(cpu.group(1)) : 0;
                allocated +=
                        bytes.find()
                                ? Double.parseDouble(bytes.group(1)) * unit(bytes.group(2))
                                : 0;
            }
        }
        return new Threads(cpuMillis / 1e3, allocated);
    }

    private static double unit(String letter) {
        return Math.pow(1_024, "BKMGT".indexOf(letter));
    }

    /** User and system time, which stand beside each other in proc(5). */
    private static double seconds(String process, int from) {
        try {
            String stat = Files.readString(Path.of("/proc", process, "stat"));
            // A program's name may have spaces, and ends with the last bracket.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[from]) + Long.parseLong(fields[from + 1]))
                    / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
