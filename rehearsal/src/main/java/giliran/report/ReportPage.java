package giliran.report;

import giliran.capacity.Quantity;
import giliran.outcome.Outcome;
import giliran.outcome.Outcome.BrokenPromise;
import giliran.outcome.Outcome.Figures;
import giliran.outcome.Outcome.Latency;
import giliran.outcome.Outcome.LatencyPoint;
import giliran.outcome.Outcome.Scene;
import giliran.outcome.Outcome.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The report of a rehearsal: one HTML page that loads nothing and runs nothing, for any screen and
 * for paper.
 *
 * <p>Everything that comes from the outcome is escaped. A line has at most {@link
 * Series#POINTS_MAX} points: where a rehearsal was longer, several seconds share one, rates by
 * their mean and latencies by the longest, and the page says so.
 */
public final class ReportPage {
    /** So many persons or requests of a broken promise are named; the JSON has them all. */
    private static final int NAMED_MAX = 20;

    private final Outcome outcome;
    private final Markup page = new Markup();

    private ReportPage(Outcome outcome) {
        this.outcome = outcome;
    }

    /** The whole page. */
    public static String html(Outcome outcome) {
        ReportPage report = new ReportPage(outcome);
        report.head();
        report.verdict();
        report.numbers();
        report.brokenPromises();
        OverTime overTime = new OverTime(outcome);
        overTime.writeDemand(report.page);
        report.latencies(overTime);
        new People(outcome).writeTo(report.page);
        overTime.writeServer(report.page);
        report.circumstances(overTime);
        return report.page.raw("</main></body></html>\n").toString();
    }

    private void head() {
        Scene scene = outcome.scene();
        page.raw(
                "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta"
                        + " name=\"viewport\" content=\"width=device-width,"
                        + " initial-scale=1\"><title>");
        page.text("Rehearsal: " + scene.title()).raw("</title>\n<style>\n").raw(style());
        page.raw("</style></head>\n<body><main><header><p class=\"kicker\">");
        page.text("Giliran, rehearsal " + scene.name() + ", ");
        page.text(outcome.startedAt().replace('T', ' ').replace("Z", " UTC"));
        page.raw("</p><h1>").text(scene.title()).raw("</h1>\n");
    }

    private static String style() {
        try (InputStream css = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(css).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void verdict() {
        boolean isKept = outcome.verdict().isKept();
        page.raw(
                "<p class=\"verdict"
                        + (isKept ? "" : " is-broken")
                        + "\"><b aria-hidden=\"true\">");
        page.raw(isKept ? "✓" : "✗").raw("</b> ");
        page.text(outcome.verdict().sentence()).raw("</p></header>\n");
        for (String paragraph : outcome.scene().story().split("\n\n", -1)) {
            page.raw("<p>").text(paragraph).raw("</p>\n");
        }
    }

    private void numbers() {
        Figures figures = outcome.figures();
        Scene scene = outcome.scene();
        page.raw("<dl class=\"numbers\">");
        number("people", Quantity.plain(scene.people()));
        number("places sold of " + Quantity.plain(scene.places()), Quantity.plain(figures.sold()));
        number("until the last place", Axis.clock(figures.secondsToLastPlace()));
        number(
                "sold a second, best ten seconds",
                Quantity.plain(Math.rint(figures.bestTenSecondsPerSecond())));
        number("requests to the server", Quantity.plain(figures.requests()));
        number("of them in the busiest second", Quantity.plain(figures.requestsPerSecondMax()));
        outcome.latencies().stream()
                .filter(latency -> latency.kind().equals("book"))
                .forEach(
                        latency ->
                                number(
                                        "99 % of bookings answered within",
                                        Axis.duration(latency.whole().p99())));
        page.raw("</dl>\n");
    }

    private void number(String what, String figure) {
        page.raw("<div><dt>").text(what).raw("</dt><dd>").text(figure).raw("</dd></div>");
    }

    private void brokenPromises() {
        heading("Broken promises");
        if (outcome.broken().isEmpty()) {
            page.raw("<p>None: everything that anybody was told is so.</p>\n");
        }
        for (BrokenPromise broken : outcome.broken()) {
            page.raw("<section class=\"broken\"><h3>").text(broken.promise()).raw("</h3><p>");
            page.text(broken.sentence()).raw("</p>");
            named("Persons", broken.people());
            named("Requests", broken.requests());
            page.raw("</section>\n");
        }
    }

    private void named(String what, List<String> names) {
        page.raw("<h4>").text(what).raw("</h4><ul>");
        names.stream().limit(NAMED_MAX).forEach(name -> page.raw("<li>").text(name).raw("</li>"));
        if (names.size() > NAMED_MAX) {
            page.raw("<li>").text("and " + Quantity.plain(names.size() - NAMED_MAX));
            page.raw(" more, which the JSON names</li>");
        }
        page.raw("</ul>");
    }

    private void latencies(OverTime overTime) {
        heading("How long people waited");
        page.raw("<p>From the moment at which a request was due to its answer, so that nobody who");
        page.raw(" had to wait to ask is forgotten (no coordinated omission).</p>");
        overTime.writeLatencies(page);
        page.raw("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">all together</th>");
        for (String column : List.of("answers", "p50", "p90", "p99", "p99.9", "longest")) {
            page.raw("<th scope=\"col\">").text(column).raw("</th>");
        }
        page.raw("</tr></thead><tbody>");
        for (Latency latency : outcome.latencies()) {
            LatencyPoint whole = latency.whole();
            page.raw("<tr><th scope=\"row\">").text(latency.kind()).raw("</th><td>");
            page.text(Quantity.plain(whole.count())).raw("</td>");
            for (double millis :
                    new double[] {
                        whole.p50(), whole.p90(), whole.p99(), whole.p999(), whole.longest()
                    }) {
                page.raw("<td>").text(Axis.duration(millis)).raw("</td>");
            }
            page.raw("</tr>");
        }
        page.raw("</tbody></table></div>\n");
    }

    private void circumstances(OverTime overTime) {
        Scene scene = outcome.scene();
        Figures figures = outcome.figures();
        heading("Other than in a usual run");
        page.raw("<table class=\"words\"><thead><tr><th scope=\"col\">setting</th>");
        page.raw("<th scope=\"col\">here</th><th scope=\"col\">in run</th>");
        page.raw("<th scope=\"col\">why</th></tr></thead><tbody>");
        for (Setting setting : outcome.settings()) {
            page.raw("<tr><th scope=\"row\">").text(setting.name()).raw("</th>");
            cell("here", setting.here());
            cell("in run", setting.inRun());
            cell("why", setting.why());
            page.raw("</tr>");
        }
        page.raw("</tbody></table>\n");
        heading("Do it again");
        page.raw("<pre><code>").text(outcome.command()).raw("</code></pre><p class=\"note\">");
        page.text(
                "Seed %d, scale %s, speed %s. %s people fetched a pass before the opening. Reads beyond %s a second count as absorbed by the CDN; the oldest answer that it gave was %s old. The population took %s µs of CPU a request and %s MB of memory. From the command to the verdict: %s. %s"
                        .formatted(
                                scene.seed(),
                                Quantity.plain(scene.scale()),
                                Quantity.plain(scene.speed()),
                                Quantity.plain(figures.passes()),
                                Quantity.plain(scene.originReadsPerSecond()),
                                Axis.duration((double) figures.longestAbsorbedAgeMillis()),
                                Quantity.plain(figures.populationCpuMicros()),
                                Quantity.plain(figures.populationResidentMaxMb()),
                                Axis.clock(figures.secondsOfAll()),
                                overTime.thinning()));
        page.raw("</p>\n");
    }

    private void cell(String column, String words) {
        page.raw("<td data-of=\"").text(column).raw("\">").text(words).raw("</td>");
    }

    private void heading(String words) {
        page.raw("<h2>").text(words).raw("</h2>\n");
    }
}
