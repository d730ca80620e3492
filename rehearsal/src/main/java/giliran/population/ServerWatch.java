package giliran.population;

import giliran.outcome.Outcome.ServerSecond;
import giliran.subject.TriedGiliran;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks once a second at what the server's processes use, as Linux tells it, and at what the server
 * says of itself at the door of its metrics.
 */
final class ServerWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int TIME_OUT_MILLIS = 900;
    private static final double KILOBYTES_OF_MEGABYTE = 1 << 10;

    /** Of the times in {@code /proc/PID/stat}; Linux has no other on the machines that we know. */
    private static final double TICKS_PER_SECOND = 100;

    /** After the name in brackets: user time, system time. */
    private static final int USER_TIME = 11;

    private final TriedGiliran giliran;
    private final long startNanos;
    private final int openingAt;
    private final List<ServerSecond> seconds = new ArrayList<>();
    private final Thread thread;
    private volatile boolean isClosed;
    private Sample last;
    private volatile double residentMaxMb;

    /** What was read at one moment: totals since the start of each process. */
    private record Sample(
            long nanos,
            double serverCpu,
            double databaseCpu,
            double populationCpu,
            Map<String, Double> metrics) {}

    /**
     * @param startNanos of {@link System#nanoTime}, the beginning of the rehearsal's clock
     * @param openingAt in milliseconds on it
     */
    ServerWatch(TriedGiliran giliran, long startNanos, int openingAt) {
        this.giliran = giliran;
        this.startNanos = startNanos;
        this.openingAt = openingAt;
        last = sample();
        thread = Thread.ofPlatform().name("server-watch").daemon().start(this::watch);
    }

    private void watch() {
        try {
            while (!isClosed) {
                Thread.sleep(EVERY);
                look();
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void look() {
        Sample now = sample();
        double seconds = (now.nanos - last.nanos) / 1e9;
        double batches = difference(now, "giliran_ledger_batches_total");
        double populationMb = residentMb(own());
        residentMaxMb = Math.max(residentMaxMb, populationMb);
        ServerSecond second =
                new ServerSecond(
                        Math.floorDiv(
                                (int) ((now.nanos - startNanos) / 1_000_000) - openingAt, 1_000),
                        cores(now.serverCpu - last.serverCpu, seconds),
                        cores(now.databaseCpu - last.databaseCpu, seconds),
                        cores(now.populationCpu - last.populationCpu, seconds),
                        rounded(server().map(ServerWatch::residentMb).orElse(Double.NaN)),
                        rounded(database().stream().mapToDouble(ServerWatch::residentMb).sum()),
                        rounded(populationMb),
                        rounded(batches / seconds),
                        rounded(difference(now, "giliran_ledger_commands_total") / batches),
                        rounded(
                                1e3
                                        * difference(now, "giliran_ledger_commit_seconds_total")
                                        / batches),
                        now.metrics.getOrDefault("giliran_ledger_waiting", Double.NaN),
                        now.metrics.getOrDefault("giliran_connections", Double.NaN));
        synchronized (this.seconds) {
            this.seconds.add(second);
        }
        last = now;
    }

    /** A process that ended takes its time with it; then there is nothing to tell. */
    private static double cores(double cpu, double seconds) {
        return cpu < 0 ? Double.NaN : rounded(cpu / seconds);
    }

    private static double rounded(double number) {
        return Double.isFinite(number) ? Math.round(100 * number) / 100.0 : Double.NaN;
    }

    private double difference(Sample now, String metric) {
        double difference =
                now.metrics.getOrDefault(metric, Double.NaN)
                        - last.metrics.getOrDefault(metric, Double.NaN);
        return difference < 0 ? Double.NaN : difference;
    }

    private Sample sample() {
        return new Sample(
                System.nanoTime(),
                server().map(ServerWatch::cpuSeconds).orElse(0.0),
                database().stream().mapToDouble(ServerWatch::cpuSeconds).sum(),
                cpuSeconds(own()),
                metrics());
    }

    private static Path own() {
        return Path.of("/proc/self");
    }

    private Optional<Path> server() {
        return giliran.serverPid().map(ServerWatch::process);
    }

    private List<Path> database() {
        List<Path> processes = new ArrayList<>();
        giliran.postmaster()
                .flatMap(ProcessHandle::of)
                .ifPresent(
                        postmaster -> {
                            processes.add(process(postmaster.pid()));
                            postmaster
                                    .children()
                                    .forEach(child -> processes.add(process(child.pid())));
                        });
        return processes;
    }

    private static Path process(long pid) {
        return Path.of("/proc", String.valueOf(pid));
    }

    private static double cpuSeconds(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]))
                    / TICKS_PER_SECOND;
        } catch (IOException e) {
            // It has ended.
            return 0;
        }
    }

    /** Memory shared by processes of the database is shared out among them, where Linux says so. */
    private static double residentMb(Path process) {
        for (String[] source : new String[][] {{"smaps_rollup", "Pss:"}, {"status", "VmRSS:"}}) {
            try (Stream<String> lines = Files.lines(process.resolve(source[0]))) {
                return lines.filter(line -> line.startsWith(source[1]))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                .sum()
                        / KILOBYTES_OF_MEGABYTE;
            } catch (IOException | java.io.UncheckedIOException e) {
                // Not told, or it has ended.
            }
        }
        return 0;
    }

    private Map<String, Double> metrics() {
        Map<String, Double> metrics = new HashMap<>();
        try {
            HttpURLConnection door =
                    (HttpURLConnection) URI.create(giliran.metrics()).toURL().openConnection();
            door.setConnectTimeout(TIME_OUT_MILLIS);
            door.setReadTimeout(TIME_OUT_MILLIS);
            String text = new String(door.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> line.startsWith("giliran_") && line.indexOf('{') < 0)
                    .map(line -> line.split(" ", -1))
                    .forEach(pair -> metrics.put(pair[0], Double.parseDouble(pair[1])));
        } catch (IOException e) {
            // It is away; there is nothing to tell of this second.
        }
        return metrics;
    }

    List<ServerSecond> seconds() {
        synchronized (seconds) {
            return List.copyOf(seconds);
        }
    }

    /** The most memory that this process has had, as far as it was looked at. */
    double residentMaxMb() {
        return residentMaxMb;
    }

    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
    }
}
