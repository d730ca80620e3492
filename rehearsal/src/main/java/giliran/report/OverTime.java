package giliran.report;

import giliran.capacity.Quantity;
import giliran.outcome.Outcome;
import giliran.outcome.Outcome.Latency;
import giliran.outcome.Outcome.LatencyPoint;
import giliran.outcome.Outcome.RealPoint;
import giliran.outcome.Outcome.Second;
import giliran.outcome.Outcome.ServerSecond;
import giliran.report.Series.Look;
import giliran.report.Series.Point;
import giliran.report.Series.Thinning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** What is drawn over time: what people did, how long they waited, and what the server did. */
final class OverTime {
    private static final Map<String, String> KINDS =
            Map.of(
                    "list", "Looking at the list",
                    "book", "Booking",
                    "cancel", "Cancelling",
                    "move", "Moving to another place");

    /** What is one line in a chart of its own. */
    private record Gauge(
            String id,
            String title,
            String note,
            String line,
            ToDoubleFunction<ServerSecond> value) {}

    private static final List<Gauge> GAUGES =
            List.of(
                    new Gauge(
                            "batches",
                            "Decisions in one transaction",
                            "commands a batch",
                            "commands",
                            ServerSecond::batchSize),
                    new Gauge(
                            "commits",
                            "A transaction",
                            "ms, its COMMIT with fsync included",
                            "ms",
                            ServerSecond::commitMillis),
                    new Gauge(
                            "queue",
                            "In the ledger's queue",
                            "commands that wait",
                            "waiting",
                            ServerSecond::waiting),
                    new Gauge(
                            "connections",
                            "Connections",
                            "open at the server",
                            "open",
                            ServerSecond::connections));

    private final Outcome outcome;
    private final Axis time;
    private final int from;
    private final int span;

    OverTime(Outcome outcome) {
        this.outcome = outcome;
        from = outcome.seconds().isEmpty() ? 0 : outcome.seconds().getFirst().second();
        int to = outcome.seconds().isEmpty() ? from : outcome.seconds().getLast().second() + 1;
        double real = outcome.realTrace().stream().mapToDouble(RealPoint::second).max().orElse(to);
        time = Axis.time(from, Math.max(to, real));
        span = Series.spanOf(to - from);
    }

    /** What became of the seconds, where several share a point; empty where none do. */
    String thinning() {
        return span == 1
                ? ""
                : "Each point of a chart stands for %d seconds: rates by their mean, latencies by the longest."
                        .formatted(span);
    }

    void writeDemand(Markup page) {
        page.raw("<h2>The opening</h2>\n");
        double scale = outcome.scene().scale();
        double speed = outcome.scene().speed();
        if (scale != 1) {
            note(
                    page,
                    "With %s %% of its people and places.".formatted(Quantity.plain(100 * scale)));
        }
        if (speed != 1) {
            note(
                    page,
                    "%s of its seconds pass in one second here.".formatted(Quantity.plain(speed)));
        }
        chart(
                page,
                "booked",
                "Places booked",
                outcome.realTrace().isEmpty()
                        ? "a second"
                        : "a second, and dashed what really happened that day",
                real("that day", RealPoint::bookedPerSecond),
                second("booked", Look.FIRST, Second::booked));
        page.raw("<div class=\"charts\">");
        chart(
                page,
                "left",
                "Places left",
                "of all",
                real("that day", RealPoint::placesLeft),
                second("left", Look.FIRST, Second::placesLeft));
        chart(
                page,
                "asked",
                "Requests for a place",
                "a second, repeats included",
                List.of(),
                second("sent", Look.FIRST, Second::bookingsAsked),
                second("place gone", Look.SECOND, each -> refused(each, "place-gone")),
                second("other refusals", Look.THIRD, OverTime::refusedOtherwise));
        chart(
                page,
                "reads",
                "Looks at the list",
                "a second",
                List.of(),
                second("by people", Look.FIRST, Second::readsAsked),
                second("at the server", Look.SECOND, Second::readsOrigin));
        chart(
                page,
                "trouble",
                "Without an answer",
                "a second",
                List.of(),
                second("gave up without a place", Look.FIRST, Second::gaveUp),
                second("waited in vain", Look.SECOND, Second::timeOuts),
                second("line cut", Look.THIRD, Second::cutLines));
        page.raw("</div>\n");
    }

    private static void note(Markup page, String words) {
        page.raw("<p class=\"note\">").text(words).raw("</p>\n");
    }

    private static double refused(Second second, String problem) {
        return second.refusals().getOrDefault(problem, 0L);
    }

    private static double refusedOtherwise(Second second) {
        return second.refusals().values().stream().mapToLong(Long::longValue).sum()
                - refused(second, "place-gone");
    }

    void writeLatencies(Markup page) {
        page.raw("<div class=\"charts\">");
        for (int i = 0; i < outcome.latencies().size(); i++) {
            Latency latency = outcome.latencies().get(i);
            List<Series> lines =
                    List.of(
                            percentile(latency, "50 %", Look.FIRST, LatencyPoint::p50),
                            percentile(latency, "99 %", Look.SECOND, LatencyPoint::p99),
                            percentile(latency, "99.9 %", Look.THIRD, LatencyPoint::p999));
            new Chart(
                            "latency-" + i,
                            KINDS.getOrDefault(latency.kind(), latency.kind()),
                            "so many waited no longer",
                            time,
                            Axis.millis(
                                    lines.stream()
                                            .mapToDouble(Series::least)
                                            .min()
                                            .orElse(Double.NaN),
                                    lines.stream()
                                            .mapToDouble(Series::greatest)
                                            .max()
                                            .orElse(Double.NaN)),
                            Axis::duration,
                            lines)
                    .writeTo(page);
        }
        page.raw("</div>\n");
    }

    private Series percentile(
            Latency latency, String name, Look look, ToDoubleFunction<LatencyPoint> millis) {
        return Series.of(
                name,
                look,
                latency.points(),
                LatencyPoint::second,
                millis,
                Thinning.LARGEST,
                from,
                span);
    }

    void writeServer(Markup page) {
        page.raw("<h2>What the server did</h2>\n");
        page.raw("<p>The rehearsal itself runs on the same machine.</p>\n");
        page.raw("<div class=\"charts\">");
        processes(
                page,
                "cpu",
                "Processor",
                "cores in use",
                ServerSecond::serverCores,
                ServerSecond::databaseCores,
                ServerSecond::populationCores);
        processes(
                page,
                "memory",
                "Memory",
                "MB resident",
                ServerSecond::serverResidentMb,
                ServerSecond::databaseResidentMb,
                ServerSecond::populationResidentMb);
        for (Gauge gauge : GAUGES) {
            chart(
                    page,
                    gauge.id,
                    gauge.title,
                    gauge.note,
                    List.of(),
                    server(gauge.line, Look.FIRST, gauge.value));
        }
        page.raw("</div>\n");
    }

    private void processes(
            Markup page,
            String id,
            String title,
            String note,
            ToDoubleFunction<ServerSecond> ofServer,
            ToDoubleFunction<ServerSecond> ofDatabase,
            ToDoubleFunction<ServerSecond> ofRehearsal) {
        chart(
                page,
                id,
                title,
                note,
                List.of(),
                server("server", Look.FIRST, ofServer),
                server("database", Look.SECOND, ofDatabase),
                server("rehearsal", Look.THIRD, ofRehearsal));
    }

    private Series second(String name, Look look, ToDoubleFunction<Second> value) {
        return Series.of(
                name, look, outcome.seconds(), Second::second, value, Thinning.MEAN, from, span);
    }

    private Series server(String name, Look look, ToDoubleFunction<ServerSecond> value) {
        return Series.of(
                name,
                look,
                outcome.server(),
                ServerSecond::second,
                value,
                Thinning.MEAN,
                from,
                span);
    }

    /** The real day's record, as it is; nothing where there is none. */
    private List<Series> real(String name, ToDoubleFunction<RealPoint> value) {
        List<RealPoint> trace = outcome.realTrace();
        double pause = 0;
        for (int i = 1; i < trace.size(); i++) {
            pause = Math.max(pause, trace.get(i).second() - trace.get(i - 1).second());
        }
        List<Point> points =
                trace.stream()
                        .map(point -> new Point(point.second(), value.applyAsDouble(point)))
                        .filter(point -> !Double.isNaN(point.value()))
                        .toList();
        return points.isEmpty() ? List.of() : List.of(new Series(name, Look.REAL, points, pause));
    }

    private void chart(
            Markup page,
            String id,
            String title,
            String note,
            List<Series> real,
            Series... measured) {
        List<Series> lines = new ArrayList<>(List.of(measured));
        lines.addAll(real);
        double greatest =
                lines.stream()
                        .filter(line -> !line.isEmpty())
                        .mapToDouble(Series::greatest)
                        .max()
                        .orElse(0);
        DoubleFunction<String> format =
                number -> Quantity.plain(number >= 10 ? Math.rint(number) : number);
        new Chart(id, title, note, time, Axis.fromZero(greatest, format), format, lines)
                .writeTo(page);
    }
}
