package giliran.bench;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.subject.RehearsalException;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What {@code bench ledger} wrote of a machine, as a plan needs it.
 *
 * <p>The cores are full in the scenarios that are used here, so what a request costs is what they
 * did in a second, less the clients' own share.
 *
 * @param bookingMicros CPU of a booking, server, database and TCP together
 * @param refusalMicros CPU of a refusal
 * @param answerMillis p99 of bookings in the open loop; empty if it was not measured
 * @param rowsPerSecond bookings by SQL alone, one connection; empty if they were not measured
 */
public record LedgerFigures(
        double bookingMicros,
        double refusalMicros,
        OptionalDouble answerMillis,
        OptionalDouble rowsPerSecond) {
    private static final Pattern CORES = Pattern.compile("machine: (\\d+) cores");

    /** Whether it is what {@code bench ledger} writes. */
    public static boolean isIn(JsonNode file) {
        return file.path("figures").isArray();
    }

    /**
     * Reads them.
     *
     * @throws RehearsalException if something is missing, or contradicts itself
     */
    public static LedgerFigures read(JsonNode file) {
        double cores = cores(file);
        double clientMicros = file.path("clients").path("cpuMicros").asDouble(0);
        double booked =
                StreamSupport.stream(file.path("figures").spliterator(), false)
                        .filter(cell -> cell.path("who").asText().equals(LedgerBench.OURS))
                        .filter(cell -> cell.path("what").asText().startsWith("1,000 slots"))
                        .mapToDouble(LedgerFigures::perSecond)
                        .max()
                        .orElse(0);
        return new LedgerFigures(
                micros("bookings", cores, booked, clientMicros),
                micros(
                        "refusals",
                        cores,
                        perSecond(cell(file, LedgerBench.soldOut())),
                        clientMicros),
                present(
                        cell(file, LedgerBench.openLoop())
                                .path("median")
                                .path("p99Millis")
                                .asDouble(0)),
                present(perSecond(cell(file, LedgerBench.sqlAlone(1)))));
    }

    private static double cores(JsonNode file) {
        for (JsonNode setting : file.path("settings")) {
            Matcher machine = CORES.matcher(setting.asText());
            if (machine.find()) {
                return Double.parseDouble(machine.group(1));
            }
        }
        throw new RehearsalException("The benchmark does not say how many cores the machine had.");
    }

    private static double micros(String what, double cores, double perSecond, double clientMicros) {
        if (!(perSecond > 0)) {
            throw new RehearsalException("The benchmark has no figure for " + what + ".");
        }
        double micros = cores * 1e6 / perSecond - clientMicros;
        if (!(micros > 0)) {
            throw new RehearsalException(
                    "The benchmark contradicts itself: its clients alone would have taken more"
                            + " than the whole machine for the "
                            + what
                            + ".");
        }
        return micros;
    }

    private static JsonNode cell(JsonNode file, Results.Cell which) {
        return StreamSupport.stream(file.path("figures").spliterator(), false)
                .filter(cell -> cell.path("who").asText().equals(which.who()))
                .filter(cell -> cell.path("what").asText().equals(which.what()))
                .findFirst()
                .orElseGet(() -> file.path("missing"));
    }

    private static double perSecond(JsonNode cell) {
        return cell.path("median").path("perSecond").asDouble(0);
    }

    private static OptionalDouble present(double figure) {
        return figure > 0 ? OptionalDouble.of(figure) : OptionalDouble.empty();
    }
}
