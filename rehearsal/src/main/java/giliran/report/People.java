package giliran.report;

import giliran.capacity.Quantity;
import giliran.outcome.Outcome;
import giliran.outcome.Outcome.Ending;
import giliran.outcome.Outcome.Group;
import giliran.outcome.Outcome.Second;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What became of people, what they were told, and who of them had the better chance. */
final class People {
    private static final Map<String, String> GROUPINGS =
            Map.of(
                    "arrival", "By when they came",
                    "line", "By their line",
                    "behaviour", "By what they did");

    private final Outcome outcome;

    People(Outcome outcome) {
        this.outcome = outcome;
    }

    void writeTo(Markup page) {
        page.raw("<h2>What became of people</h2>\n");
        Map<String, Long> endings = new LinkedHashMap<>();
        outcome.endings().forEach((Ending ending) -> endings.put(ending.name(), ending.people()));
        bars(page, "people", endings);
        page.raw("<h3>Refusals, by their reason</h3>\n");
        Map<String, Long> refusals = new TreeMap<>();
        outcome.seconds()
                .forEach(
                        (Second second) ->
                                second.refusals()
                                        .forEach(
                                                (why, times) ->
                                                        refusals.merge(why, times, Long::sum)));
        bars(page, "answers", refusals);
        fairness(page);
    }

    private static void bars(Markup page, String unit, Map<String, Long> counts) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            page.raw("<p class=\"none\">None.</p>\n");
            return;
        }
        page.raw("<table><thead><tr><th scope=\"col\"></th><th scope=\"col\">").text(unit);
        page.raw("</th><th scope=\"col\">share</th><td></td></tr></thead><tbody>");
        counts.forEach(
                (name, count) -> {
                    double share = (double) count / all;
                    page.raw("<tr><th scope=\"row\">").text(name).raw("</th><td>");
                    page.text(Quantity.plain(count)).raw("</td><td>");
                    page.text(Quantity.percent(share)).raw("</td>");
                    bar(page, share, Double.NaN);
                    page.raw("</tr>");
                });
        page.raw("</tbody></table>\n");
    }

    private void fairness(Markup page) {
        page.raw("<h2>Was it fair?</h2>\n");
        if (outcome.fairness().isEmpty()) {
            page.raw("<p class=\"none\">Nothing was measured.</p>\n");
            return;
        }
        page.raw("<p>The chance of a place. The mark is everybody's.</p>\n");
        Map<String, List<Group>> groupings =
                outcome.fairness().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Group::by, LinkedHashMap::new, Collectors.toList()));
        page.raw("<div class=\"charts\">");
        groupings.forEach((by, groups) -> grouping(page, by, groups));
        page.raw("</div>\n");
    }

    private static void grouping(Markup page, String by, List<Group> groups) {
        double everybody =
                chance(
                        groups.stream().mapToLong(Group::gotAPlace).sum(),
                        groups.stream().mapToLong(Group::people).sum());
        page.raw("<section class=\"scroll\"><h3>")
                .text(GROUPINGS.getOrDefault(by, by))
                .raw("</h3>");
        page.raw("<table><thead><tr><th scope=\"col\"></th><th scope=\"col\">people</th>");
        page.raw("<th scope=\"col\">chance</th><td class=\"bar\"></td>");
        page.raw("<th scope=\"col\">half in</th></tr></thead><tbody>");
        for (Group group : groups) {
            double chance = chance(group.gotAPlace(), group.people());
            page.raw("<tr><th scope=\"row\">").text(group.name()).raw("</th><td>");
            page.text(Quantity.plain(group.people())).raw("</td><td>");
            page.text(group.people() == 0 ? "–" : Quantity.percent(chance)).raw("</td>");
            bar(page, chance, everybody);
            page.raw("<td>");
            page.text(Axis.duration(1_000 * group.medianSecondsToPlace())).raw("</td></tr>");
        }
        page.raw("</tbody></table></section>\n");
    }

    private static double chance(long got, long people) {
        return people == 0 ? 0 : (double) got / people;
    }

    /**
     * @param mark a second share, or NaN for none
     */
    private static void bar(Markup page, double share, double mark) {
        page.raw("<td class=\"bar\"><i aria-hidden=\"true\"><b style=\"width:" + percent(share));
        page.raw("\"></b>");
        if (!Double.isNaN(mark)) {
            page.raw("<u style=\"left:" + percent(mark) + "\"></u>");
        }
        page.raw("</i></td>");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * Math.clamp(share, 0, 1));
    }
}
