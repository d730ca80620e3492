package giliran.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.bench.Results.Cell;
import giliran.subject.Door;
import java.util.List;
import java.util.Locale;

/** What the figures have to come to. */
final class Bars {
    /**
     * One of them.
     *
     * @param isAtLeast whether the figure must be the bar or more; or less than it, or it
     */
    record Bar(String what, double figure, double bar, boolean isAtLeast) {
        boolean isMet() {
            return isAtLeast ? figure >= bar : figure <= bar;
        }

        ObjectNode json() {
            return Door.JSON
                    .createObjectNode()
                    .put("what", what)
                    .put("figure", figure)
                    .put(isAtLeast ? "atLeast" : "atMost", bar)
                    .put("isMet", isMet());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-62s %8.2f   bar %s %-5s %s",
                    what,
                    figure,
                    isAtLeast ? "≥" : "≤",
                    bar % 1 == 0 ? String.valueOf((long) bar) : String.valueOf(bar),
                    isMet() ? "met" : "NOT met");
        }
    }

    private static final double TIMES_ONE_BY_ONE = 10;
    private static final double OF_SQL_ALONE = 0.5;
    private static final double OF_BEST_WHEN_MANY_WAIT = 0.9;
    private static final double REFUSALS_TIMES_BOOKINGS = 3;
    private static final double OPEN_LOOP_P99_MILLIS = 50;
    private static final double BESIDE_A_FLOOD = 2;

    private Bars() {}

    /** All of them, from medians. */
    static List<Bar> of(Results results, Plan plan) {
        int usual = plan.usualClients();
        int most = plan.clients().getLast();
        double best = best(results, plan);
        double sqlAlone =
                Math.max(
                        perSecond(results, LedgerBench.sqlAlone(1)),
                        perSecond(results, LedgerBench.sqlAlone(2)));
        return List.of(
                new Bar(
                        "(a) ÷ (b), ten hot slots, %,d clients".formatted(usual),
                        perSecond(results, LedgerBench.hot(LedgerBench.OURS))
                                / perSecond(results, LedgerBench.hot(LedgerBench.ONE_BY_ONE)),
                        TIMES_ONE_BY_ONE,
                        true),
                new Bar(
                        "(a) at its best ÷ (e) at its best, 1,000 slots",
                        best / sqlAlone,
                        OF_SQL_ALONE,
                        true),
                new Bar(
                        "(a) at %,d clients ÷ (a) at its best".formatted(most),
                        perSecond(results, LedgerBench.spread(LedgerBench.OURS, most)) / best,
                        OF_BEST_WHEN_MANY_WAIT,
                        true),
                new Bar(
                        "sold-out refusals ÷ (a) at its best",
                        perSecond(results, LedgerBench.soldOut()) / best,
                        REFUSALS_TIMES_BOOKINGS,
                        true),
                new Bar(
                        "p99 of bookings at 70 % of (a)'s best, open loop, ms",
                        p99(results, LedgerBench.openLoop()), OPEN_LOOP_P99_MILLIS, false),
                new Bar(
                        "p99 elsewhere beside a flood ÷ without it",
                        p99(results, LedgerBench.elsewhere(true))
                                / p99(results, LedgerBench.elsewhere(false)),
                        BESIDE_A_FLOOD,
                        false));
    }

    /** Our best with any number of clients. */
    static double best(Results results, Plan plan) {
        return plan.clients().stream()
                .mapToDouble(
                        clients ->
                                perSecond(results, LedgerBench.spread(LedgerBench.OURS, clients)))
                .max()
                .orElseThrow();
    }

    private static double perSecond(Results results, Cell cell) {
        return results.median(cell).perSecond();
    }

    private static double p99(Results results, Cell cell) {
        return results.median(cell).p99Millis();
    }
}
