package giliran.outcome;

import java.util.List;
import java.util.Map;

/**
 * All that a rehearsal came to.
 *
 * <p>Each second is a whole one since the opening by the rehearsal's own clock; it is negative
 * before. With {@code --speed 10} ten seconds of the scenario pass in one of these.
 *
 * @param command what to type to do it again
 * @param startedAt ISO 8601, UTC
 * @param settings all that is set otherwise than by {@code ./giliran run}
 * @param seconds one for each second from the first arrival to the end, without gaps
 * @param latencies one for each kind of request
 * @param endings what became of people; the counts add up to all people
 * @param fairness several groupings, each of which adds up to all people
 * @param server one for each second in which the server was looked at
 * @param broken empty if every promise was kept
 * @param realTrace what really happened that day, on the rehearsal's clock; empty where there is no
 *     record of it
 */
public record Outcome(
        String command,
        String startedAt,
        Scene scene,
        Verdict verdict,
        Figures figures,
        List<Setting> settings,
        List<Second> seconds,
        List<Latency> latencies,
        List<Ending> endings,
        List<Group> fairness,
        List<ServerSecond> server,
        List<BrokenPromise> broken,
        List<RealPoint> realTrace) {

    /**
     * What was rehearsed.
     *
     * @param name such as {@code malaysia-2021-05-26}
     * @param title for people
     * @param story some sentences: what happened that day, and what is assumed
     * @param scale share of the scenario's people and places
     * @param speed how many times faster than the scenario's clock
     * @param originReadsPerSecond above which a read counts as absorbed by the CDN
     */
    public record Scene(
            String name,
            String title,
            String story,
            int people,
            int places,
            long seed,
            double scale,
            double speed,
            int originReadsPerSecond) {}

    /**
     * The verdict.
     *
     * @param isKept whether every promise was kept
     * @param sentence all in one
     */
    public record Verdict(boolean isKept, String sentence) {}

    /**
     * The whole in numbers.
     *
     * @param sold places that are taken at the end, by the audit
     * @param secondsToLastPlace from the opening to the 201 of the last place that was sold
     * @param secondsOfAll from the start of the command to the verdict, passes and audit included
     * @param bestTenSecondsPerSecond places sold a second in the best ten seconds
     * @param requests sent to the server since the opening, of all kinds
     * @param requestsPerSecondMax the most in one second
     * @param populationCpuMicros CPU of the population process for one request
     * @param populationResidentMaxMb the most memory that the population process has had
     * @param passes how many people fetched a pass before the opening
     * @param longestAbsorbedAgeMillis the oldest answer that the CDN's stand-in gave to a reader
     */
    public record Figures(
            long sold,
            double secondsToLastPlace,
            double secondsOfAll,
            double bestTenSecondsPerSecond,
            long requests,
            long requestsPerSecondMax,
            double populationCpuMicros,
            long populationResidentMaxMb,
            int passes,
            long longestAbsorbedAgeMillis) {}

    /**
     * Something that differs from {@code ./giliran run}.
     *
     * @param here as it was in the rehearsal
     * @param inRun as it is without
     */
    public record Setting(String name, String here, String inRun, String why) {}

    /**
     * What happened in one second.
     *
     * @param arrivals people who came
     * @param readsAsked by people: origin and CDN together
     * @param readsAbsorbed answered by the CDN's stand-in
     * @param readsOrigin sent to the server
     * @param bookingsAsked requests for a place that were sent, repeats included
     * @param booked places told with 201 for the first time, moves not included
     * @param moved people told that they have another place
     * @param cancelled people told that they gave theirs back
     * @param refusals all other answers, by problem type, such as {@code place-gone}
     * @param timeOuts people who waited as long as they would for an answer
     * @param cutLines connections that broke, by bad lines or by the server
     * @param gaveUp people who went without a place
     * @param placesLeft of all
     * @param underWay requests without an answer, those that wait for a connection included
     */
    public record Second(
            int second,
            long arrivals,
            long readsAsked,
            long readsAbsorbed,
            long readsOrigin,
            long bookingsAsked,
            long booked,
            long moved,
            long cancelled,
            Map<String, Long> refusals,
            long timeOuts,
            long cutLines,
            long gaveUp,
            long placesLeft,
            long underWay) {}

    /**
     * How long one kind of request took, from the moment at which it was due (corrected for
     * coordinated omission).
     *
     * @param kind {@code list}, {@code book}, {@code cancel}, {@code move}
     * @param whole of all seconds together; its {@code second} means nothing
     * @param points one for each second in which one was answered
     */
    public record Latency(String kind, LatencyPoint whole, List<LatencyPoint> points) {}

    /** Milliseconds. */
    public record LatencyPoint(
            int second,
            long count,
            double p50,
            double p90,
            double p99,
            double p999,
            double longest) {}

    /**
     * What became of so many people.
     *
     * @param name such as {@code has a place}
     */
    public record Ending(String name, long people) {}

    /**
     * People who are alike in something, and their chance.
     *
     * @param by {@code arrival}, {@code line} or {@code behaviour}; groups of one {@code by} follow
     *     each other in a sensible order
     * @param gotAPlace how many got one, also those who gave it back
     * @param medianSecondsToPlace from coming, or the opening if that was later, to the 201; NaN if
     *     nobody got one
     */
    public record Group(
            String by, String name, long people, long gotAPlace, double medianSecondsToPlace) {}

    /**
     * What the server did in one second; NaN where it could not be seen.
     *
     * @param serverCores CPU, 1.0 is one core
     * @param databaseCores of all processes of the database
     * @param populationCores of the rehearsal itself
     * @param batches transactions of the ledger
     * @param batchSize commands a transaction
     * @param commitMillis a transaction, COMMIT with its fsync included
     * @param waiting commands in the ledger's queue at the end of the second
     * @param connections open at the server
     */
    public record ServerSecond(
            int second,
            double serverCores,
            double databaseCores,
            double populationCores,
            double serverResidentMb,
            double databaseResidentMb,
            double populationResidentMb,
            double batches,
            double batchSize,
            double commitMillis,
            double waiting,
            double connections) {}

    /**
     * A promise that was not kept.
     *
     * @param promise its name, such as {@code told-201-and-not-there}
     * @param sentence what was told, and what is so
     * @param people by number
     * @param requests by key, slot, time and answer
     */
    public record BrokenPromise(
            String promise, String sentence, List<String> people, List<String> requests) {}

    /**
     * A point of the real day's record.
     *
     * @param second on the rehearsal's clock: divided by its speed
     * @param bookedPerSecond on the rehearsal's clock, and at its scale
     * @param placesLeft at its scale
     */
    public record RealPoint(double second, double bookedPerSecond, double placesLeft) {}
}
