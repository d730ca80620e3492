package giliran.bench;

import giliran.bench.Results.Cell;
import giliran.crowd.SlotsAlike;
import giliran.load.Ceiling;
import giliran.subject.TriedGiliran;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Measures the ledger as everybody meets it, over HTTP, beside one transaction a request and beside
 * set-based SQL without HTTP: the same rows, the same machine, turn by turn.
 *
 * <p>Both servers run all the time, each on a database of its own, so that neither is colder than
 * the other; only one of them is asked at a time.
 */
final class LedgerBench implements AutoCloseable {
    static final String OURS = "(a) ours";
    static final String ONE_BY_ONE = "(b) one transaction a request";
    static final String SQL_ALONE = "(e) set-based SQL alone";

    /** Of our best, in the open loop. */
    static final double OPEN_LOOP_SHARE = 0.7;

    /** Of our best, for those who are beside a flood. */
    static final double ELSEWHERE_SHARE = 0.25;

    /** Of the refusals that we can make. */
    static final double FLOOD_SHARE = 0.5;

    static final int SQL_BATCH = 512;

    private static final SlotsAlike SPREAD = new SlotsAlike("spread", 200, 5, 1_000_000);
    private static final SlotsAlike HOT = new SlotsAlike("hot", 10, 1, 1_000_000);
    private static final SlotsAlike SOLD_OUT = new SlotsAlike("sold-out", 200, 5, 1);

    private final Plan plan;
    private final Consumer<String> progress;
    private final Contender ours;
    private final Contender oneByOne;
    private final Results results = new Results();

    /**
     * @param folder empty, for the data
     * @param isDirect whether details are typed, instead of shown in a pass
     * @param flags for the servers' Java, beyond the launcher's
     */
    LedgerBench(
            Path home,
            Path jar,
            Path folder,
            Plan plan,
            boolean isDirect,
            List<String> flags,
            SplittableRandom random,
            Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
        ours =
                new Contender(
                        OURS,
                        new TriedGiliran(home, jar, folder.resolve("ours/data"), flags),
                        isDirect,
                        random,
                        progress);
        oneByOne =
                new Contender(
                        ONE_BY_ONE,
                        new TriedGiliran(home, jar, folder.resolve("one-by-one/data"), flags),
                        isDirect,
                        random,
                        progress);
    }

    static Cell hot(String who) {
        return new Cell(who, "ten hot slots");
    }

    static Cell spread(String who, int clients) {
        return new Cell(who, "1,000 slots, %,d clients".formatted(clients));
    }

    static Cell sqlAlone(int connections) {
        return new Cell(
                SQL_ALONE,
                "1,000 slots, %d connection%s".formatted(connections, connections == 1 ? "" : "s"));
    }

    static Cell soldOut() {
        return new Cell(OURS, "all sold out, refusals");
    }

    static Cell openLoop() {
        return new Cell(OURS, "open loop at %.0f %% of the best".formatted(100 * OPEN_LOOP_SHARE));
    }

    static Cell elsewhere(boolean isFlooded) {
        return new Cell(
                OURS,
                "open loop at %.0f %%, %s"
                        .formatted(
                                100 * ELSEWHERE_SHARE, isFlooded ? "beside a flood" : "in peace"));
    }

    /** Starts both servers, and warms them up. */
    void start() {
        progress.accept("Starting two servers …");
        ours.start("run");
        oneByOne.start("peer", "one-by-one");
        for (Contender contender : List.of(ours, oneByOne)) {
            contender.offer(List.of(SPREAD, HOT, SOLD_OUT));
        }
        for (Contender contender : List.of(ours, oneByOne)) {
            progress.accept("Warming up: " + contender.name() + " …");
            for (SlotsAlike offer : List.of(SPREAD, HOT)) {
                contender.book(
                        offer,
                        plan.usualClients(),
                        Duration.ZERO,
                        plan.firstWarmUp().dividedBy(2),
                        plan.leastExpectedPerSecond());
            }
        }
        ours.sellOut(SOLD_OUT, SOLD_OUT.places() + 2 * plan.usualClients(), plan.usualClients());
    }

    /** Measures all, as often as is planned. */
    Results run() {
        for (int repetition = 1; repetition <= plan.repetitions(); repetition++) {
            progress.accept("Repetition %d of %d".formatted(repetition, plan.repetitions()));
            repeat();
        }
        return results;
    }

    private void repeat() {
        int usual = plan.usualClients();
        for (Contender contender : List.of(ours, oneByOne)) {
            note(hot(contender.name()), book(contender, HOT, usual));
        }
        note(spread(ONE_BY_ONE, usual), book(oneByOne, SPREAD, usual));
        measureSqlAlone();
        for (int clients : plan.clients()) {
            note(spread(OURS, clients), book(ours, SPREAD, clients));
        }
        note(
                soldOut(),
                ours.refuse(SOLD_OUT, usual, plan.comeAgain(), plan.warmUp(), plan.counted()));
        double best = Bars.best(results, plan);
        note(openLoop(), comeFor(OPEN_LOOP_SHARE * best, 0));
        note(elsewhere(false), comeFor(ELSEWHERE_SHARE * best, 0));
        note(
                elsewhere(true),
                comeFor(
                        ELSEWHERE_SHARE * best,
                        FLOOD_SHARE * results.median(soldOut()).perSecond()));
    }

    private Figures book(Contender contender, SlotsAlike offer, int clients) {
        return contender.book(
                offer, clients, plan.warmUp(), plan.counted(), plan.leastExpectedPerSecond());
    }

    private Figures comeFor(double perSecond, double floodPerSecond) {
        return ours.comeFor(
                SPREAD,
                perSecond,
                SOLD_OUT,
                floodPerSecond,
                plan.comeAgain(),
                plan.warmUp(),
                plan.counted());
    }

    private void measureSqlAlone() {
        String said =
                ours.command(
                        "peer",
                        "ceiling",
                        "--campaign=" + Contender.CAMPAIGN,
                        "--region=" + SPREAD.region(),
                        "--batch=" + SQL_BATCH,
                        "--connections=1,2",
                        "--warm-up-millis=" + plan.firstWarmUp().toMillis() / 2,
                        "--millis=" + plan.counted().toMillis());
        List<String> lines = said.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            note(sqlAlone(i + 1), Figures.ofRate(Double.parseDouble(lines.get(i))));
        }
    }

    /** What the clients of this process can do at most, with the usual number of them. */
    Ceiling measureClients() {
        return Ceiling.measure(plan.usualClients(), plan.warmUp(), plan.counted());
    }

    /** What is set on the machine, in Java and in the database of ours. */
    List<String> settings() {
        return Settings.of(ours);
    }

    private void note(Cell cell, Figures figures) {
        results.add(cell, figures);
        progress.accept(
                String.format(Locale.ROOT, "  %-30s %-36s %s", cell.who(), cell.what(), figures));
    }

    /** Stops both servers. */
    @Override
    public void close() {
        try (ours) {
            oneByOne.close();
        }
    }
}
