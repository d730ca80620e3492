package giliran.bench;

import giliran.subject.TriedGiliran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** On what it was measured: the machine, Java and PostgreSQL as they are, not as they are meant. */
final class Settings {
    private static final Path CPUS = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path LOAD = Path.of("/proc/loadavg");

    private Settings() {}

    /** One setting a line. */
    static List<String> of(Contender contender) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "machine: %d cores, %s; %s; %s %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                value(CPUS, "model name"),
                                value(MEMORY, "MemTotal"),
                                System.getProperty("os.name"),
                                System.getProperty("os.version")));
        lines.add("load before (1, 5, 15 min): " + read(LOAD).getFirst());
        lines.add("java: " + System.getProperty("java.vendor.version") + " " + Runtime.version());
        lines.add("server's java: " + String.join(" ", TriedGiliran.AS_LAUNCHED));
        lines.add("clients' java: the same, in a process of its own, on one thread");
        contender.command("peer", "settings").lines().forEach(lines::add);
        return lines;
    }

    private static String value(Path file, String name) {
        return read(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(name + " unknown");
    }

    private static List<String> read(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The load of the machine, as it is now. */
    static String load() {
        return read(LOAD).getFirst().toLowerCase(Locale.ROOT);
    }
}
