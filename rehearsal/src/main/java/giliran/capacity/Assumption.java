package giliran.capacity;

import java.util.Locale;

/**
 * What a plan stands on: each a number with a meaning, bounds, what is taken if nobody says
 * otherwise, and why. S1 is the source document that {@code docs/capacity.md} works through;
 * measured defaults are explained there too.
 */
enum Assumption {
    PEOPLE(Kind.DEMAND, "people who may come", 30_000_000, 1, 1e10, "S1"),
    COMING(Kind.DEMAND, "% of them who come to the opening", 10, 0.001, 100, "S1"),
    PLACES(Kind.DEMAND, "places", 1_000_000, 1, 1e10, "S1"),
    MINUTES(Kind.DEMAND, "minutes until all are sold", 90, 0.1, 10_080, "S1"),
    PEAK(Kind.DEMAND, "times the average at the peak", 5, 1, 1_000, "S1; real: 5.3"),
    READ_EVERY(Kind.DEMAND, "s between two looks of a person at the list", 10, 0.1, 3_600, "S1"),
    ASKS(Kind.DEMAND, "times that a person asks for a place", 2, 1, 1_000, "a guess"),
    REGIONS(Kind.DEMAND, "regions, each with a list of its own", 16, 1, 100_000, "Malaysia's"),
    CDN_CACHES(
            Kind.DEMAND,
            "caches of the CDN that ask the origin; 0: no CDN",
            50,
            0,
            100_000,
            "a guess"),

    READ_BYTES(
            Kind.MEASURED, "bytes of a region's list, compressed", 15_000, 100, 1e7, "the sample"),
    BOOKING_MICROS(
            Kind.MEASURED, "µs of CPU for a booking, database included", 119, 1, 1e6, "benchmarks"),
    REFUSAL_MICROS(Kind.MEASURED, "µs of CPU for a refusal from memory", 64, 1, 1e6, "benchmarks"),
    READ_MICROS(Kind.MEASURED, "µs of CPU for a read at the origin", 30, 0.1, 1e6, "capacity.md"),
    DATABASE_SHARE(
            Kind.MEASURED, "% of a booking's CPU in the database", 30, 1, 99, "decision record"),
    WRITER_ROWS(Kind.MEASURED, "bookings/s of one writer, SQL alone", 18_013, 1, 1e7, "benchmarks"),
    COMMIT_MILLIS(Kind.MEASURED, "ms for the fsync of a commit", 4.5, 0.001, 1e4, "capacity.md"),
    ANSWER_MILLIS(
            Kind.MEASURED, "ms until 99 % of bookings are answered", 78, 0.1, 60_000, "benchmarks"),
    RECORD_BYTES(
            Kind.MEASURED, "bytes of an appointment in the database", 500, 1, 1e7, "capacity.md"),
    LOG_BYTES(Kind.MEASURED, "bytes of log for a booking", 700, 1, 1e7, "capacity.md"),

    HEADROOM(Kind.CHOICE, "times the peak that is to be held", 2, 1, 100, "a choice"),
    NODE_CORES(Kind.CHOICE, "cores of a node", 4, 1, 1_024, "a choice"),
    SPARES(Kind.CHOICE, "nodes and databases more, should one die", 1, 0, 100, "a choice"),
    HOURS(Kind.CHOICE, "hours for which the machines stand", 24, 0.1, 8_760, "a choice"),

    PRICE_CORE_HOUR(Kind.PRICE, "for a core, an hour", 0, 0, 1e6, "none given"),
    PRICE_DISK_GB_MONTH(Kind.PRICE, "for a GB of disk, a month", 0, 0, 1e6, "none given"),
    PRICE_CDN_GB(Kind.PRICE, "for a GB from the CDN", 0, 0, 1e6, "none given"),
    PRICE_CDN_MILLION(Kind.PRICE, "for a million requests to the CDN", 0, 0, 1e6, "none given");

    /** What sort of number it is. */
    enum Kind {
        /** What people will do, and through what. */
        DEMAND,
        /** What a machine was seen to do. */
        MEASURED,
        /** What the operator decides. */
        CHOICE,
        /** What it costs. */
        PRICE
    }

    final Kind kind;

    /** Its unit first. */
    final String meaning;

    final double usual;
    final double least;
    final double most;
    final String reason;

    Assumption(Kind kind, String meaning, double usual, double least, double most, String reason) {
        this.kind = kind;
        this.meaning = meaning;
        this.usual = usual;
        this.least = least;
        this.most = most;
        this.reason = reason;
    }

    /** As it is written on the command line. */
    String option() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean allows(double value) {
        return value >= least && value <= most;
    }
}
