package giliran.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The memory of a Java process.
 *
 * @param heapBefore bytes of the heap in use, garbage included
 * @param heapAfter bytes of the heap in use after a full collection
 * @param residentMax the most bytes of memory that the process has had
 */
public record Memory(long heapBefore, long heapAfter, long residentMax) {
    private static final Pattern HEAP =
            Pattern.compile("(?m)^ *(?!Metaspace|class space)\\S.*\\bused (\\d+)K");
    private static final Pattern RESIDENT_MAX = Pattern.compile("VmHWM:\\s*(\\d+) kB");

    /** Asks jcmd, which comes with the JDK, and the system. */
    public static Memory of(ProcessHandle process) {
        long before = sum(HEAP, jcmd(process, "GC.heap_info"));
        jcmd(process, "GC.run");
        return new Memory(
                before,
                sum(HEAP, jcmd(process, "GC.heap_info")),
                sum(RESIDENT_MAX, status(process)));
    }

    private static long sum(Pattern kilobytes, String text) {
        return kilobytes
                .matcher(text)
                .results()
                .mapToLong(found -> 1_024 * Long.parseLong(found.group(1)))
                .sum();
    }

    private static String status(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What jcmd says of a Java process. */
    static String jcmd(ProcessHandle process, String... command) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin/jcmd").toString());
        words.add(String.valueOf(process.pid()));
        words.addAll(List.of(command));
        try {
            Process jcmd = new ProcessBuilder(words).redirectErrorStream(true).start();
            String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (jcmd.waitFor() != 0) {
                throw new RehearsalException(String.join(" ", words) + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new RehearsalException("jcmd, which a JDK has, cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RehearsalException("interrupted", e);
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heap %,d MB in use, %,d MB of it live; the process had %,d MB at most",
                heapBefore >> 20,
                heapAfter >> 20,
                residentMax >> 20);
    }
}
