package giliran.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.bench.Bars.Bar;
import giliran.bench.ReadsBench.Cell;
import giliran.bench.ReadsBench.Fresh;
import giliran.bench.ReadsBench.Reads;
import giliran.bench.ReadsBench.Way;
import giliran.subject.Door;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What is told of reads: a table for people, JSON for whoever compares. */
record ReadsReport(
        ReadsBench.Plan plan,
        List<String> settings,
        ReadsBench.Results results,
        Optional<String> missing,
        String loadAfter) {
    /** Beyond it, what is measured says more of wrk than of the server. */
    private static final double WRK_BUSY_MAX = 0.8;

    private static final double TIMES_NGINX = 1.2;
    private static final double TIMES_NGINX_WHEN_CLOSED = 0.3;
    private static final double BESIDE_BOOKINGS = 0.7;
    private static final double FRESH_MILLIS = 1_000;
    private static final double PUBLISHING = 0.05;

    static String line(Cell cell, Reads reads) {
        return String.format(
                        Locale.ROOT,
                        "%-13s %-38s %,5d  %,9.0f/s  %,9.0f per CPU-s  p50 %7.2f  p99 %7.2f ms  wrk busy %3.0f %%",
                        cell.who(),
                        cell.way().words,
                        cell.connections(),
                        reads.perSecond(),
                        reads.perCpuSecond(),
                        reads.run().p50Millis(),
                        reads.run().p99Millis(),
                        100 * reads.run().busy())
                + (Double.isNaN(reads.allocatedBytes())
                        ? ""
                        : String.format(Locale.ROOT, "  %,.0f B a read", reads.allocatedPerRead()))
                + (reads.run().faults().isEmpty() ? "" : "  " + reads.run().faults());
    }

    static String line(Fresh fresh) {
        return String.format(
                Locale.ROOT,
                "%s; bookings meanwhile %s; the publishing thread had %.1f %% of a core",
                fresh.freshness(),
                fresh.bookings(),
                100 * fresh.publishing());
    }

    /** The table, with what it stands on. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(settings);
        lines.add(
                "plan: %d repetition(s) turn by turn, medians; %d s warm-up and %d s counted each"
                        .formatted(
                                plan.repetitions(),
                                plan.warmUp().toSeconds(),
                                plan.counted().toSeconds()));
        lines.add(
                "read: %,d bytes plain, %,d gzip; %,d slots offered in all"
                        .formatted(results.plainBytes(), results.gzipBytes(), results.slots()));
        lines.add("load after (1, 5, 15 min): " + loadAfter);
        lines.add("");
        results.reads().keySet().forEach(cell -> lines.add(line(cell, median(cell))));
        results.bookings().forEach(figures -> lines.add("bookings beside reads: " + figures));
        results.fresh().forEach(fresh -> lines.add(line(fresh)));
        lines.add("");
        bars().forEach(bar -> lines.add(bar.toString()));
        missing.ifPresent(what -> lines.add("not measured: " + what));
        return lines;
    }

    /** What the figures have to come to. */
    List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        for (int connections : plan.connections()) {
            againstNginx(Way.GZIP, connections, TIMES_NGINX).ifPresent(bars::add);
        }
        againstNginx(Way.PLAIN, plan.usual(), TIMES_NGINX).ifPresent(bars::add);
        againstNginx(Way.UNCHANGED, plan.usual(), TIMES_NGINX).ifPresent(bars::add);
        againstNginx(Way.CLOSING, plan.usual(), TIMES_NGINX_WHEN_CLOSED).ifPresent(bars::add);
        bars.add(
                new Bar(
                        "reads a second beside %,d bookings/s ÷ alone"
                                .formatted(plan.bookingsPerSecond()),
                        ours(Way.BESIDE_BOOKINGS).perSecond() / ours(Way.GZIP).perSecond(),
                        BESIDE_BOOKINGS,
                        true));
        bars.add(
                new Bar(
                        "a booking is seen by readers, p99, ms",
                        median(results.fresh(), fresh -> fresh.freshness().millisAt(99)),
                        FRESH_MILLIS,
                        false));
        bars.add(
                new Bar(
                        "the publishing thread, %,d slots, cores".formatted(results.slots()),
                        median(results.fresh(), Fresh::publishing),
                        PUBLISHING,
                        false));
        bars.add(
                new Bar(
                        "the share of its time that wrk was at work, at the most",
                        results.reads().keySet().stream()
                                .mapToDouble(cell -> median(cell).run().busy())
                                .max()
                                .orElseThrow(),
                        WRK_BUSY_MAX,
                        false));
        return bars;
    }

    private Optional<Bar> againstNginx(Way way, int connections, double bar) {
        if (missing.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                new Bar(
                        "%s, %,d connections, per CPU-second ÷ nginx"
                                .formatted(way.words, connections),
                        median(new Cell(ReadsBench.OURS, way, connections)).perCpuSecond()
                                / median(new Cell(ReadsBench.NGINX, way, connections))
                                        .perCpuSecond(),
                        bar,
                        true));
    }

    private Reads ours(Way way) {
        return median(new Cell(ReadsBench.OURS, way, plan.usual()));
    }

    /** Of a cell's runs the one in the middle, by requests per CPU-second. */
    private Reads median(Cell cell) {
        List<Reads> sorted =
                results.reads().getOrDefault(cell, List.of()).stream()
                        .sorted((a, b) -> Double.compare(a.perCpuSecond(), b.perCpuSecond()))
                        .toList();
        return sorted.get(sorted.size() / 2);
    }

    private static <T> double median(List<T> runs, ToDoubleFunction<T> figure) {
        return runs.stream().mapToDouble(figure).sorted().toArray()[runs.size() / 2];
    }

    /** Writes all runs and bars as JSON. */
    void write(Path file) {
        ObjectNode root = Door.JSON.createObjectNode();
        settings.forEach(root.putArray("settings")::add);
        root.put("plan", plan.toString());
        root.put("loadAfter", loadAfter);
        root.put("plainBytes", results.plainBytes());
        root.put("gzipBytes", results.gzipBytes());
        root.put("slots", results.slots());
        ArrayNode cells = root.putArray("reads");
        results.reads()
                .forEach(
                        (cell, runs) -> {
                            ObjectNode node =
                                    cells.addObject()
                                            .put("who", cell.who())
                                            .put("what", cell.way().words)
                                            .put("connections", cell.connections());
                            ArrayNode all = node.putArray("runs");
                            runs.forEach(run -> all.add(json(run)));
                        });
        ArrayNode fresh = root.putArray("fresh");
        for (Fresh each : results.fresh()) {
            fresh.addObject()
                    .put("p50Millis", each.freshness().millisAt(50))
                    .put("p99Millis", each.freshness().millisAt(99))
                    .put("maxMillis", each.freshness().millisAt(100))
                    .put("bookingsPerSecond", each.bookings().perSecond())
                    .put("publishingCores", each.publishing());
        }
        ArrayNode bars = root.putArray("bars");
        bars().forEach(bar -> bars.add(bar.json()));
        missing.ifPresent(root.putArray("notMeasured")::add);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, root.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode json(Reads reads) {
        ObjectNode node =
                Door.JSON
                        .createObjectNode()
                        .put("perSecond", reads.perSecond())
                        .put("perCpuSecond", reads.perCpuSecond())
                        .put("p50Millis", reads.run().p50Millis())
                        .put("p99Millis", reads.run().p99Millis())
                        .put("wrkBusy", reads.run().busy())
                        .put("faults", reads.run().faults());
        if (!Double.isNaN(reads.allocatedBytes())) {
            node.put("allocatedBytesPerRead", reads.allocatedPerRead());
        }
        return node;
    }
}
