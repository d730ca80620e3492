package giliran.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.load.Ceiling;
import giliran.subject.Door;
import giliran.subject.RehearsalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan reads of a benchmark, from what the benchmark really writes. */
final class LedgerFiguresTest {
    private static final double CLIENT_MICROS = 10;

    @TempDir private Path temp;

    private final Results results = new Results();

    private void measured(Results.Cell cell, double perSecond) {
        results.add(cell, new Figures(perSecond, 1, 40, 9, Map.of()));
    }

    private JsonNode written(String machine) throws IOException {
        Path file = temp.resolve("ledger.json");
        new Report(Plan.QUICK, List.of(machine), new Ceiling(70_000, CLIENT_MICROS), results, "1")
                .write(file);
        return Door.JSON.readTree(file.toFile());
    }

    private void everythingIsMeasured(double bookings) {
        for (String who : List.of(LedgerBench.OURS, LedgerBench.ONE_BY_ONE)) {
            measured(LedgerBench.hot(who), 1_000);
            measured(LedgerBench.spread(who, 512), 9_000);
        }
        measured(LedgerBench.spread(LedgerBench.OURS, 64), 5_000);
        measured(LedgerBench.spread(LedgerBench.OURS, 4_096), bookings);
        measured(LedgerBench.soldOut(), 20_000);
        measured(LedgerBench.openLoop(), 7_000);
        measured(LedgerBench.elsewhere(true), 2_500);
        measured(LedgerBench.elsewhere(false), 2_500);
        measured(LedgerBench.sqlAlone(1), 18_000);
        measured(LedgerBench.sqlAlone(2), 30_000);
    }

    @Test
    void takesTheBestBookingsAndLeavesTheClientsShareOut() throws IOException {
        everythingIsMeasured(10_000);
        JsonNode file = written("machine: 2 cores, some");

        assertThat(LedgerFigures.isIn(file)).isTrue();
        LedgerFigures figures = LedgerFigures.read(file);
        assertThat(figures.bookingMicros()).isCloseTo(200 - CLIENT_MICROS, within(1e-9));
        assertThat(figures.refusalMicros()).isCloseTo(100 - CLIENT_MICROS, within(1e-9));
        assertThat(figures.answerMillis()).isEqualTo(OptionalDouble.of(40));
        assertThat(figures.rowsPerSecond()).isEqualTo(OptionalDouble.of(18_000));
    }

    @Test
    void refusesABenchmarkThatDoesNotNameTheCores() throws IOException {
        everythingIsMeasured(10_000);
        JsonNode file = written("machine: unknown");

        assertThatThrownBy(() -> LedgerFigures.read(file))
                .isInstanceOf(RehearsalException.class)
                .hasMessageContaining("how many cores");
    }

    @Test
    void refusesABenchmarkWithoutBookings() throws IOException {
        JsonNode file =
                Door.JSON.readTree("{\"settings\": [\"machine: 2 cores\"], \"figures\": []}");

        assertThatThrownBy(() -> LedgerFigures.read(file))
                .isInstanceOf(RehearsalException.class)
                .hasMessage("The benchmark has no figure for bookings.");
    }

    @Test
    void refusesABenchmarkWhoseClientsWouldHaveTakenTheWholeMachine() throws IOException {
        everythingIsMeasured(200_000);
        JsonNode file = written("machine: 2 cores, some");

        assertThatThrownBy(() -> LedgerFigures.read(file))
                .isInstanceOf(RehearsalException.class)
                .hasMessageContaining("contradicts itself");
    }
}
