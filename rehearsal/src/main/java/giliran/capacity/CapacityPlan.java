package giliran.capacity;

import static giliran.capacity.Assumption.*;

import java.util.ArrayList;
import java.util.List;

/**
 * What an opening asks for, and what holds it. Every formula, with its source and a worked example,
 * is in {@code docs/capacity.md}.
 *
 * <p>Rates are a second; "peak" is the opening's first moment.
 */
record CapacityPlan(
        Opening opening,
        List<Moment> overTime,
        Cdn cdn,
        Nodes nodes,
        Connections connections,
        Database database,
        Network network,
        Soonest soonest,
        List<CostItem> costs) {
    /** How many moments are told of: ten intervals and their ends. */
    private static final int MOMENTS = 11;

    /** Intervals over which what the origin reads is summed up. */
    private static final int STEPS = 2_000;

    /** A published answer may be held by a cache for so long (docs/decisions/0005). */
    private static final double FRESH_SECONDS = 1;

    /** docs/limits.md, "At the door". */
    private static final double CONNECTIONS_OF_NODE_MAX = 20_000;

    /** A node's pool, and what its own PostgreSQL allows in all. */
    private static final int DATABASE_CONNECTIONS_OF_NODE = 10;

    /** As the clients of the benchmark send and get them, headers included. */
    private static final double ASK_BYTES = 900;

    private static final double ASK_ANSWER_BYTES = 1_000;

    /** The ledger's most commands in one transaction. */
    private static final double BATCH_MAX = 512;

    /** The ledger gathers a crowd for so long before the next transaction. */
    private static final double GATHERING_SECONDS = 0.010;

    private static final double PAGE_BYTES = 8_192;

    /** checkpoint_timeout of our PostgreSQL, of which a checkpoint takes nine tenths. */
    private static final double CHECKPOINT_SECONDS = 0.9 * 15 * 60;

    /** max_wal_size of our PostgreSQL. */
    private static final double LOG_KEPT_BYTES = 4 * 1_073_741_824.0;

    private static final double HOURS_OF_MONTH = 730;
    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;
    private static final double MICROS = 1e6;

    /**
     * What people do.
     *
     * @param coming people who come
     * @param booked places that are sold
     * @param refused requests for a place that get none
     */
    record Opening(
            double coming,
            double booked,
            double refused,
            double bookingsPerSecond,
            double bookingsPerSecondPeak,
            double refusalsPerSecondPeak,
            double readsPerSecond,
            double readsPerSecondPeak,
            double reads) {}

    /** Rates a second, so many minutes after the opening. */
    record Moment(
            double minute, double reads, double readsAtOrigin, double bookings, double refusals) {}

    /**
     * What the CDN takes.
     *
     * @param absorbed share of all reads, 0 to 1
     * @param absorbedPeak share of the reads at the peak, 0 to 1
     */
    record Cdn(
            double absorbed,
            double absorbedPeak,
            double originReadsPerSecondPeak,
            double gigabitsPerSecondPeak,
            double gigabytes) {}

    /**
     * The nodes that serve, without spares.
     *
     * @param coresPeak busy at the peak, without headroom
     * @param count that hold the peak with headroom
     * @param refusesFromMemory whether there is but one, which can refuse without the database
     * @param decisionsPerSecondPeak bookings, and refusals that need the database
     */
    record Nodes(
            double coresPeak,
            int count,
            boolean refusesFromMemory,
            double decisionsPerSecondPeak) {}

    /**
     * As fast as it can go, if nothing else were asked.
     *
     * @param bookingsPerSecond that nodes, their writers and the database could sell
     * @param minutes until all is sold
     */
    record Soonest(double bookingsPerSecond, double minutes) {}

    /**
     * Who is connected at the peak.
     *
     * @param atOrigin to the nodes
     * @param atDatabase of the nodes' pools, spares included
     */
    record Connections(double atOrigin, double atDatabase) {}

    /**
     * What the database does and keeps.
     *
     * @param cores that hold the peak with headroom
     * @param commitsPerSecondPeak each with an fsync
     * @param rows appointments at the end
     * @param gigabytes of them at the end
     * @param diskGigabytes with the log that is kept, and headroom
     */
    record Database(
            double coresPeak,
            int cores,
            double commitsPerSecondPeak,
            double rowsOfCommitPeak,
            double logMegabytesPerSecondPeak,
            double pagesPerSecond,
            double rows,
            double gigabytes,
            double diskGigabytes) {}

    /** Between the origin and the world, at the peak. */
    record Network(double megabitsPerSecondOut, double megabitsPerSecondIn) {}

    /** What something costs, in the currency of the prices. */
    record CostItem(String what, double amount) {}

    /** Reckons it. */
    static CapacityPlan of(Assumptions given) {
        double seconds = 60 * given.get(MINUTES);
        OpeningCurve curve = new OpeningCurve(seconds, given.get(PEAK));
        Opening opening = opening(given, curve, seconds);
        Cdn cdn = cdn(given, curve, seconds, opening);
        double connections = connections(given, opening);
        Nodes nodes = nodes(given, opening, cdn, connections);
        Database database = database(given, opening, nodes);
        return new CapacityPlan(
                opening,
                overTime(given, curve, seconds, opening),
                cdn,
                nodes,
                new Connections(
                        connections,
                        DATABASE_CONNECTIONS_OF_NODE * (nodes.count() + given.get(SPARES))),
                database,
                network(given, opening, cdn),
                soonest(given, opening, nodes, database),
                costs(given, opening, cdn, nodes, database));
    }

    private static Opening opening(Assumptions given, OpeningCurve curve, double seconds) {
        double coming = given.get(PEOPLE) * given.get(COMING) / 100;
        double booked = Math.min(given.get(PLACES), coming);
        double refused = Math.max(0, coming * given.get(ASKS) - booked);
        double peakFactor = curve.timesAverage(0);
        double readsPeak = coming / given.get(READ_EVERY);
        double reads = readsPeak * curve.secondsLeft();
        return new Opening(
                coming,
                booked,
                refused,
                booked / seconds,
                booked / seconds * peakFactor,
                refused / seconds * peakFactor,
                reads / seconds,
                readsPeak,
                reads);
    }

    /** Who is still there reads: all at the opening, nobody once all is sold. */
    private static List<Moment> overTime(
            Assumptions given, OpeningCurve curve, double seconds, Opening opening) {
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < MOMENTS; i++) {
            double second = seconds * i / (MOMENTS - 1);
            double reads = opening.readsPerSecondPeak() * curve.left(second);
            double share = curve.timesAverage(second) / seconds;
            moments.add(
                    new Moment(
                            second / 60,
                            reads,
                            atOrigin(given, reads),
                            opening.booked() * share,
                            opening.refused() * share));
        }
        return moments;
    }

    /** Each cache asks for each list once while it is fresh; never more than it is asked itself. */
    private static double atOrigin(Assumptions given, double reads) {
        return given.get(CDN_CACHES) == 0
                ? reads
                : Math.min(reads, given.get(CDN_CACHES) * given.get(REGIONS) / FRESH_SECONDS);
    }

    private static Cdn cdn(Assumptions given, OpeningCurve curve, double seconds, Opening opening) {
        double atOrigin = 0;
        double all = 0;
        for (int i = 0; i < STEPS; i++) {
            double reads = opening.readsPerSecondPeak() * curve.left((i + 0.5) / STEPS * seconds);
            all += reads;
            atOrigin += atOrigin(given, reads);
        }
        double peakAtOrigin = atOrigin(given, opening.readsPerSecondPeak());
        boolean isThere = given.get(CDN_CACHES) > 0;
        return new Cdn(
                1 - atOrigin / all,
                1 - peakAtOrigin / opening.readsPerSecondPeak(),
                peakAtOrigin,
                isThere ? opening.readsPerSecondPeak() * given.get(READ_BYTES) * 8 / GIGA : 0,
                isThere ? opening.reads() * given.get(READ_BYTES) / GIGA : 0);
    }

    /**
     * By Little's law: a CDN carries requests for places over connections that it keeps and shares,
     * one for each that is under way, and one a cache for reading. Without a CDN everybody keeps
     * one.
     */
    private static double connections(Assumptions given, Opening opening) {
        double asks = opening.bookingsPerSecondPeak() + opening.refusalsPerSecondPeak();
        return given.get(CDN_CACHES) == 0
                ? opening.coming()
                : given.get(CDN_CACHES) + asks * given.get(ANSWER_MILLIS) / 1_000;
    }

    /** One node refuses from memory; several have to ask the database, so they cost more. */
    private static Nodes nodes(Assumptions given, Opening opening, Cdn cdn, double connections) {
        Nodes one = nodes(given, opening, cdn, connections, true);
        return one.count() == 1 ? one : nodes(given, opening, cdn, connections, false);
    }

    private static Nodes nodes(
            Assumptions given,
            Opening opening,
            Cdn cdn,
            double connections,
            boolean refusesFromMemory) {
        double bookingMicros = given.get(BOOKING_MICROS) * (1 - given.get(DATABASE_SHARE) / 100);
        double cores =
                (opening.bookingsPerSecondPeak() * bookingMicros
                                + opening.refusalsPerSecondPeak()
                                        * (refusesFromMemory
                                                ? given.get(REFUSAL_MICROS)
                                                : bookingMicros)
                                + cdn.originReadsPerSecondPeak() * given.get(READ_MICROS))
                        / MICROS;
        double rows =
                opening.bookingsPerSecondPeak()
                        + (refusesFromMemory ? 0 : opening.refusalsPerSecondPeak());
        double count =
                given.get(HEADROOM)
                        * Math.max(
                                cores / given.get(NODE_CORES),
                                Math.max(
                                        connections / CONNECTIONS_OF_NODE_MAX,
                                        rows / given.get(WRITER_ROWS)));
        int least = refusesFromMemory ? 1 : 2;
        return new Nodes(cores, (int) Math.max(least, Math.ceil(count)), refusesFromMemory, rows);
    }

    /**
     * A batch is what has come while the one before it was written: it takes the fsync, and the
     * time of its rows. So a second has (1 − rows × time of a row) ÷ fsync of them for each writer,
     * but not more than commands, and not fewer than full batches need; and in a crowd, which is
     * gathered, as many as there are times to gather. (Between 100 and 400 commands a second that
     * is too few, since only who does not come alone is gathered.)
     */
    private static Database database(Assumptions given, Opening opening, Nodes nodes) {
        double ofNode = nodes.decisionsPerSecondPeak() / nodes.count();
        double commits =
                nodes.count()
                        * Math.max(
                                ofNode / BATCH_MAX,
                                Math.min(
                                        Math.min(ofNode, 1 / GATHERING_SECONDS),
                                        (1 - ofNode / given.get(WRITER_ROWS))
                                                / (given.get(COMMIT_MILLIS) / 1_000)));
        double bytes = opening.booked() * given.get(RECORD_BYTES);
        double cores =
                nodes.decisionsPerSecondPeak()
                        * given.get(BOOKING_MICROS)
                        * (given.get(DATABASE_SHARE) / 100)
                        / MICROS;
        return new Database(
                cores,
                (int) Math.max(1, Math.ceil(cores * given.get(HEADROOM))),
                commits,
                nodes.decisionsPerSecondPeak() / commits,
                opening.bookingsPerSecondPeak() * given.get(LOG_BYTES) / MEGA,
                bytes / PAGE_BYTES / CHECKPOINT_SECONDS,
                opening.booked(),
                bytes / GIGA,
                (bytes * given.get(HEADROOM) + LOG_KEPT_BYTES) / GIGA);
    }

    private static Network network(Assumptions given, Opening opening, Cdn cdn) {
        double asks = opening.bookingsPerSecondPeak() + opening.refusalsPerSecondPeak();
        double out =
                cdn.originReadsPerSecondPeak() * given.get(READ_BYTES) + asks * ASK_ANSWER_BYTES;
        double in = (cdn.originReadsPerSecondPeak() + asks) * ASK_BYTES;
        return new Network(out * 8 / MEGA, in * 8 / MEGA);
    }

    private static Soonest soonest(
            Assumptions given, Opening opening, Nodes nodes, Database database) {
        double databaseShare = given.get(DATABASE_SHARE) / 100;
        double coresAtNodes = nodes.count() * given.get(NODE_CORES) / (1 - databaseShare);
        double coresAtDatabase = database.cores() / databaseShare;
        double perSecond =
                Math.min(
                        Math.min(coresAtNodes, coresAtDatabase)
                                * MICROS
                                / given.get(BOOKING_MICROS),
                        nodes.count() * given.get(WRITER_ROWS));
        return new Soonest(perSecond, opening.booked() / perSecond / 60);
    }

    private static List<CostItem> costs(
            Assumptions given, Opening opening, Cdn cdn, Nodes nodes, Database database) {
        double spares = given.get(SPARES);
        double cores =
                (nodes.count() + spares) * given.get(NODE_CORES) + (1 + spares) * database.cores();
        double months = given.get(HOURS) / HOURS_OF_MONTH;
        List<CostItem> items =
                List.of(
                        new CostItem(
                                "machines", cores * given.get(HOURS) * given.get(PRICE_CORE_HOUR)),
                        new CostItem(
                                "disks",
                                (1 + spares)
                                        * database.diskGigabytes()
                                        * months
                                        * given.get(PRICE_DISK_GB_MONTH)),
                        new CostItem("CDN, traffic", cdn.gigabytes() * given.get(PRICE_CDN_GB)),
                        new CostItem(
                                "CDN, requests",
                                given.get(CDN_CACHES) == 0
                                        ? 0
                                        : (opening.reads() + opening.booked() + opening.refused())
                                                / MEGA
                                                * given.get(PRICE_CDN_MILLION)));
        return items.stream().filter(item -> item.amount() > 0).toList();
    }

    /** All that it costs; 0 without prices. */
    double cost() {
        return costs.stream().mapToDouble(CostItem::amount).sum();
    }

    /** Busy at the peak, nodes and database together, without headroom. */
    double coresPeak() {
        return nodes.coresPeak() + database.coresPeak();
    }
}
