package giliran.capacity;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.outcome.Outcome;
import giliran.outcome.Outcome.Second;
import giliran.outcome.Outcome.ServerSecond;
import giliran.subject.RehearsalException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a rehearsal showed of a machine, as a plan needs it.
 *
 * <p>Bookings and refusals came together, so what one of them costs is not known: a request for a
 * place, whatever became of it, is what server and database spent in the seconds in which they were
 * seen, less what the reads of those seconds cost. How long people waited is no figure of the
 * machine's: they come in such numbers that most wait for a connection.
 *
 * @param requestMicros CPU of a request for a place
 * @param databaseShare % of that in the database, as far as that can be told
 */
record RehearsalFigures(double requestMicros, double databaseShare) {
    private static final double MICROS = 1e6;

    /** Whether it is what {@code rehearse} writes. */
    static boolean isIn(JsonNode file) {
        return List.of("seconds", "server", "latencies").stream()
                .allMatch(list -> file.path(list).isArray());
    }

    /**
     * Reckons them.
     *
     * @param readMicros CPU of a read at the origin
     * @throws RehearsalException if the server was not seen at work
     */
    static RehearsalFigures of(Outcome outcome, double readMicros) {
        Map<Integer, Second> seconds =
                outcome.seconds().stream()
                        .collect(
                                Collectors.toMap(
                                        Second::second, Function.identity(), (one, same) -> one));
        double serverSeconds = 0;
        double databaseSeconds = 0;
        double requests = 0;
        double reads = 0;
        for (ServerSecond seen : outcome.server()) {
            Second second = seconds.get(seen.second());
            if (second != null && Double.isFinite(seen.serverCores() + seen.databaseCores())) {
                serverSeconds += seen.serverCores();
                databaseSeconds += seen.databaseCores();
                requests += (double) second.bookingsAsked();
                reads += (double) second.readsOrigin();
            }
        }
        double cpuSeconds = serverSeconds + databaseSeconds - reads * readMicros / MICROS;
        if (!(requests > 0) || !(cpuSeconds > 0)) {
            throw new RehearsalException(
                    "The rehearsal did not see what requests for a place cost the server.");
        }
        return new RehearsalFigures(
                cpuSeconds * MICROS / requests,
                100 * databaseSeconds / (serverSeconds + databaseSeconds));
    }
}
