package giliran.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.load.Ceiling;
import giliran.subject.Door;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is told of a benchmark: a table for people, JSON for whoever compares. */
record Report(
        Plan plan, List<String> settings, Ceiling clients, Results results, String loadAfter) {
    private static final List<String> NOT_MEASURED =
            List.of(
                    "(c) a flow on Redis with WATCH/MULTI/EXEC and appendfsync always: needs"
                            + " Debian's redis-server",
                    "(d) a durable queue and workers, one row a transaction");

    /** The table, with what it stands on. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(settings);
        lines.add(
                "plan: %d repetition(s) turn by turn, medians; %d s warm-up and %d s counted each; %,d clients unless said"
                        .formatted(
                                plan.repetitions(),
                                plan.warmUp().toSeconds(),
                                plan.counted().toSeconds(),
                                plan.usualClients()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "clients: %,.0f requests/s against a server that does nothing, %.1f µs of CPU each",
                        clients.perSecond(),
                        clients.cpuMicros()));
        lines.add("load after (1, 5, 15 min): " + loadAfter);
        lines.add("");
        for (Results.Cell cell : results.runs().keySet()) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%-30s %-36s %s",
                            cell.who(),
                            cell.what(),
                            results.median(cell)));
        }
        lines.add("");
        Bars.of(results, plan).forEach(bar -> lines.add(bar.toString()));
        lines.add("");
        NOT_MEASURED.forEach(what -> lines.add("not measured: " + what));
        return lines;
    }

    /** Writes all runs, medians and bars as JSON. */
    void write(Path file) {
        ObjectNode root = Door.JSON.createObjectNode();
        settings.forEach(root.putArray("settings")::add);
        root.set("plan", Door.JSON.valueToTree(plan.toString()));
        root.put("loadAfter", loadAfter);
        root.putObject("clients")
                .put("requestsPerSecond", clients.perSecond())
                .put("cpuMicros", clients.cpuMicros());
        ArrayNode cells = root.putArray("figures");
        results.runs()
                .forEach(
                        (cell, runs) -> {
                            ObjectNode node = cells.addObject();
                            node.put("who", cell.who()).put("what", cell.what());
                            node.set("median", json(results.median(cell)));
                            ArrayNode all = node.putArray("runs");
                            runs.forEach(run -> all.add(json(run)));
                        });
        ArrayNode bars = root.putArray("bars");
        Bars.of(results, plan).forEach(bar -> bars.add(bar.json()));
        NOT_MEASURED.forEach(root.putArray("notMeasured")::add);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, root.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode json(Figures figures) {
        ObjectNode node = Door.JSON.createObjectNode();
        node.put("perSecond", figures.perSecond());
        if (!Double.isNaN(figures.p50Millis())) {
            node.put("p50Millis", figures.p50Millis())
                    .put("p99Millis", figures.p99Millis())
                    .put("p999Millis", figures.p999Millis());
        }
        ObjectNode others = node.putObject("otherAnswers");
        figures.others().forEach(others::put);
        return node;
    }
}
