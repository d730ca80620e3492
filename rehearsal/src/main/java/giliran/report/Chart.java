package giliran.report;

import giliran.report.Axis.Tick;
import giliran.report.Series.Look;
import giliran.report.Series.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Lines over time, as a figure: an SVG that is stretched to any width, words beside it that are
 * not, and a table of the same.
 *
 * @param title what is shown
 * @param note its unit, and what helps to read it
 * @param time the horizontal axis
 * @param value the vertical one
 * @param format a value in words
 */
record Chart(
        String id,
        String title,
        String note,
        Axis time,
        Axis value,
        DoubleFunction<String> format,
        List<Series> series) {
    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 200;

    /** Labels closer to each other than that would lie on each other, in parts of the height. */
    private static final double LABEL_HEIGHT = 0.1;

    private static final double LABEL_WIDTH = 0.45;
    private static final int TABLE_ROWS_MAX = 24;

    /** A label at the peak of a line. */
    private record Label(Series series, double left, double bottom) {}

    void writeTo(Markup page) {
        List<Series> drawn = series.stream().filter(each -> !each.isEmpty()).toList();
        page.raw("<figure><figcaption><b>").text(title).raw("</b> <span>").text(note);
        page.raw("</span></figcaption>");
        if (drawn.isEmpty()) {
            page.raw("<p class=\"none\">Nothing was measured.</p></figure>\n");
            return;
        }
        page.raw("<div class=\"plot\">");
        svg(page, drawn);
        words(page, drawn);
        page.raw("</div>");
        table(page, drawn);
        page.raw("</figure>\n");
    }

    private void svg(Markup page, List<Series> drawn) {
        page.raw("<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" preserveAspectRatio=\"none\"");
        page.raw(" role=\"img\" aria-labelledby=\"").text(id).raw("-t ").text(id).raw("-d\">");
        page.raw("<title id=\"").text(id).raw("-t\">").text(title).raw("</title>");
        page.raw("<desc id=\"").text(id).raw("-d\">").text(describe(drawn)).raw("</desc>");
        for (Tick tick : value.ticks()) {
            line(page, "grid", 0, y(tick.value()), WIDTH, y(tick.value()));
        }
        if (time.low() < 0 && time.high() > 0) {
            line(page, "opening", x(0), 0, x(0), HEIGHT);
        }
        if (!value.isLogarithmic() && drawn.getFirst().look() == Look.FIRST) {
            page.raw("<path class=\"area\" d=\"").raw(area(drawn.getFirst())).raw("\"/>");
        }
        // The first is the one that matters: it lies on top.
        for (Series each : drawn.reversed()) {
            page.raw("<path class=\"line " + each.look().css() + "\" d=\"");
            page.raw(path(each)).raw("\"/>");
        }
        page.raw("</svg>");
    }

    private static void line(Markup page, String css, double x1, double y1, double x2, double y2) {
        page.raw(
                String.format(
                        Locale.ROOT,
                        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                        css,
                        x1,
                        y1,
                        x2,
                        y2));
    }

    private String describe(List<Series> drawn) {
        StringBuilder words =
                new StringBuilder(
                        "From %s to %s after the opening."
                                .formatted(Axis.clock(time.low()), Axis.clock(time.high())));
        for (Series each : drawn) {
            Point peak = each.peak();
            words.append(
                    " %s: at most %s, at %s."
                            .formatted(
                                    each.name(),
                                    format.apply(peak.value()),
                                    Axis.clock(peak.second())));
        }
        return words.toString();
    }

    private String path(Series line) {
        StringBuilder path = new StringBuilder();
        double before = Double.NaN;
        for (Point point : line.points()) {
            boolean goesOn = point.second() - before <= 1.5 * line.span();
            path.append(goesOn ? 'L' : 'M').append(place(point));
            if (!goesOn) {
                // A line of one point is a dot.
                path.append("h.1");
            }
            before = point.second();
        }
        return path.toString();
    }

    private String area(Series line) {
        StringBuilder path = new StringBuilder();
        path.append("M%s %d".formatted(number(x(line.points().getFirst().second())), HEIGHT));
        line.points().forEach(point -> path.append('L').append(place(point)));
        path.append("L%s %dZ".formatted(number(x(line.points().getLast().second())), HEIGHT));
        return path.toString();
    }

    private String place(Point point) {
        return number(x(point.second())) + " " + number(y(point.value()));
    }

    private static String number(double coordinate) {
        String text = String.format(Locale.ROOT, "%.1f", coordinate);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private double x(double second) {
        return WIDTH * time.at(second);
    }

    private double y(double number) {
        return HEIGHT * (1 - value.at(number));
    }

    private void words(Markup page, List<Series> drawn) {
        for (Tick tick : value.ticks()) {
            word(page, "y", "bottom", value.at(tick.value()), tick.label());
        }
        for (int i = 0; i < time.ticks().size(); i++) {
            Tick tick = time.ticks().get(i);
            word(page, i % 2 == 0 ? "x" : "x odd", "left", time.at(tick.value()), tick.label());
        }
        for (Label label : labels(drawn)) {
            boolean isOnTheRight = label.left() > 0.5;
            page.raw("<span class=\"label " + label.series().look().css() + "\" style=\"");
            page.raw(isOnTheRight ? "right:" : "left:");
            page.raw(percent(isOnTheRight ? 1 - label.left() : label.left()));
            page.raw(";bottom:" + percent(label.bottom()) + "\">").text(label.series().name());
            page.raw(" <i>").text(format.apply(label.series().greatest())).raw("</i></span>");
        }
    }

    private static void word(Markup page, String css, String side, double share, String text) {
        page.raw("<span aria-hidden=\"true\" class=\"" + css + "\" style=\"" + side + ":");
        page.raw(percent(share)).raw("\">").text(text).raw("</span>");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    /** Each at its peak, but none on another: moved down, or up where there is no room below. */
    private List<Label> labels(List<Series> drawn) {
        List<Label> wanted =
                drawn.stream()
                        .map(
                                each ->
                                        new Label(
                                                each,
                                                time.at(each.peak().second()),
                                                value.at(each.peak().value())))
                        .sorted(Comparator.comparingDouble(Label::bottom))
                        .toList();
        return apart(apart(wanted.reversed(), -LABEL_HEIGHT).reversed(), LABEL_HEIGHT);
    }

    /**
     * Moves each that is too near to one before it.
     *
     * @param by how far from that, up or down; nothing is moved below the chart
     */
    private static List<Label> apart(List<Label> labels, double by) {
        List<Label> placed = new ArrayList<>();
        for (Label label : labels) {
            Label free = label;
            for (Label other : placed) {
                if (Math.abs(other.left() - free.left()) < LABEL_WIDTH
                        && Math.abs(other.bottom() - free.bottom()) < Math.abs(by) - 1e-9) {
                    free =
                            new Label(
                                    label.series(), label.left(), Math.max(0, other.bottom() + by));
                }
            }
            placed.add(free);
        }
        return placed;
    }

    private void table(Markup page, List<Series> drawn) {
        page.raw("<details><summary>The figures</summary><table><thead><tr>");
        page.raw("<th scope=\"col\">after the opening</th>");
        for (Series each : drawn) {
            page.raw("<th scope=\"col\">").text(each.name()).raw("</th>");
        }
        page.raw("</tr></thead><tbody>");
        int every = (int) Math.ceil((double) drawn.getFirst().points().size() / TABLE_ROWS_MAX);
        for (int i = 0; i < drawn.getFirst().points().size(); i += every) {
            double second = drawn.getFirst().points().get(i).second();
            page.raw("<tr><th scope=\"row\">").text(Axis.clock(second)).raw("</th>");
            for (Series each : drawn) {
                page.raw("<td>").text(near(each, second)).raw("</td>");
            }
            page.raw("</tr>");
        }
        page.raw("</tbody></table></details>");
    }

    private String near(Series line, double second) {
        return line.points().stream()
                .filter(point -> Math.abs(point.second() - second) <= line.span() / 2)
                .findFirst()
                .map(point -> format.apply(point.value()))
                .orElse("–");
    }
}
