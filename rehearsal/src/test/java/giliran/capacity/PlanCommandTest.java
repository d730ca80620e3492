package giliran.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.subject.Door;
import giliran.subject.RehearsalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command: what it prints, and what it refuses. */
final class PlanCommandTest {
    private static final Path DOC = Path.of("../docs/capacity.md");
    private static final int COLUMNS_MAX = 100;

    @TempDir private Path temp;

    private static PlanCommand parsed(String... arguments) {
        CommandLine line = new CommandLine(new PlanCommand());
        line.parseArgs(arguments);
        return line.getCommand();
    }

    private static List<String> lines(String... arguments) {
        return parsed(arguments).lines().stream()
                .map(line -> CommandLine.Help.Ansi.OFF.string(line))
                .toList();
    }

    private Path measured(String json) throws IOException {
        return Files.writeString(temp.resolve("ledger.json"), json);
    }

    @Test
    void printsTheWorkedExampleOfTheDocumentation() throws IOException {
        String doc = Files.readString(DOC);
        int example = doc.lastIndexOf("```text\n./giliran plan");
        List<String> block =
                doc.substring(example, doc.indexOf("\n```", example)).lines().skip(1).toList();
        String[] arguments = block.getFirst().substring("./giliran plan ".length()).split(" ");

        assertThat(block.subList(2, block.size())).isEqualTo(lines(arguments));
    }

    @Test
    void fitsATerminal() {
        assertThat(lines("--price-core-hour", "0.05", "--price-cdn-gb", "0.02"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS_MAX));
    }

    @Test
    void saysWhereEachNumberIsFrom() throws IOException {
        Path file =
                measured(
                        """
                        {"settings": ["machine: 2 cores, x"], "clients": {"cpuMicros": 10},
                         "figures": [
                          {"who": "(a) ours", "what": "1,000 slots, 64 clients", "median": {"perSecond": 10000}},
                          {"who": "(a) ours", "what": "all sold out, refusals", "median": {"perSecond": 20000}}]}
                        """);

        assertThat(lines("--measured", file.toString(), "--asks", "3"))
                .anyMatch(line -> line.matches(" *--booking-micros +190 .*\\(ledger.json\\)"))
                .anyMatch(line -> line.matches(" *--refusal-micros +90 .*\\(ledger.json\\)"))
                .anyMatch(line -> line.matches(" *--asks +3 .*\\(as said\\)"))
                .anyMatch(line -> line.matches(" *--people +30,000,000 .*\\(S1\\)"));
    }

    @Test
    void letsWhatIsSaidGoBeforeWhatWasMeasured() throws IOException {
        Path file =
                measured(
                        """
                        {"settings": ["machine: 2 cores, x"],
                         "figures": [
                          {"who": "(a) ours", "what": "1,000 slots, 64 clients", "median": {"perSecond": 10000}},
                          {"who": "(a) ours", "what": "all sold out, refusals", "median": {"perSecond": 20000}}]}
                        """);

        assertThat(lines("--measured", file.toString(), "--booking-micros", "77"))
                .anyMatch(line -> line.matches(" *--booking-micros +77 .*\\(as said\\)"));
    }

    @Test
    void givesEveryFigureAsJson() {
        JsonNode json = parsed("--price-core-hour", "0.05").json();

        assertThat(json.path("verdict").asText()).startsWith("1 node of 4 cores");
        assertThat(json.path("assumptions").path("people").path("value").asDouble())
                .isEqualTo(30_000_000);
        assertThat(json.path("plan").path("opening").path("readsPerSecondPeak").asDouble())
                .isEqualTo(300_000);
        assertThat(json.path("plan").path("overTime")).hasSize(11);
        assertThat(json.path("plan").path("costs").path(0).path("what").asText())
                .isEqualTo("machines");
        assertThat(json.path("sensitivities").path(0).path("halved").path("cost").isNumber())
                .isTrue();
        assertThat(Door.JSON.createArrayNode().add(json).toString()).doesNotContain("NaN");
    }

    @ParameterizedTest
    @EnumSource(Assumption.class)
    void refusesNumbersOutOfBoundsAndSaysTheBounds(Assumption assumption) {
        for (double wrong : new double[] {assumption.least - 1, assumption.most * 1.01}) {
            assertThatThrownBy(() -> parsed(assumption.option() + "=" + wrong))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining(assumption.option())
                    .hasMessageContaining(
                            "is not a number from %s to %s"
                                    .formatted(
                                            Quantity.plain(assumption.least),
                                            Quantity.plain(assumption.most)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "", "NaN", "Infinity", "1,000", "0", "-1", "1e400"})
    void refusesWhatIsNoNumber(String wrong) {
        assertThatThrownBy(() -> parsed("--people=" + wrong))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("'" + wrong + "' is not a number from 1 to 10,000,000,000");
    }

    @Test
    void refusesAnOpeningToWhichNobodyComes() {
        assertThatThrownBy(() -> lines("--people", "99", "--coming", "1"))
                .isInstanceOf(RehearsalException.class)
                .hasMessage(
                        "Of 99 people 1 % come, which is nobody: --people or --coming must be more.");
        assertThat(lines("--people", "100", "--coming", "1")).isNotEmpty();
    }

    @Test
    void refusesAMeasurementThatIsNotThere() {
        assertThatThrownBy(() -> lines("--measured", temp.resolve("none.json").toString()))
                .isInstanceOf(RehearsalException.class)
                .hasMessageEndingWith("none.json cannot be read.");
    }

    @Test
    void refusesAMeasurementThatIsNoJson() throws IOException {
        Path file = measured("figures: none");

        assertThatThrownBy(() -> lines("--measured", file.toString()))
                .isInstanceOf(RehearsalException.class)
                .hasMessageEndingWith("ledger.json is not JSON.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-3", "\"NaN\"", "\"Infinity\"", "1e308", "null"})
    void refusesAMeasurementThatNothingCanBeDividedBy(String perSecond) throws IOException {
        Path file =
                measured(
                        """
                        {"settings": ["machine: 2 cores, x"],
                         "figures": [
                          {"who": "(a) ours", "what": "1,000 slots, 64 clients", "median": {"perSecond": %s}},
                          {"who": "(a) ours", "what": "all sold out, refusals", "median": {"perSecond": 20000}}]}
                        """
                                .formatted(perSecond));

        assertThatThrownBy(() -> lines("--measured", file.toString()))
                .isInstanceOf(RehearsalException.class)
                .hasMessageMatching(".*(has no figure|contradicts itself|cannot be right).*");
    }

    @Test
    void refusesJsonThatIsNoMeasurement() throws IOException {
        Path file = measured("{\"people\": 3}");

        assertThatThrownBy(() -> lines("--measured", file.toString()))
                .isInstanceOf(RehearsalException.class)
                .hasMessageEndingWith("is neither a benchmark of the ledger nor a rehearsal.");
    }

    @Test
    void refusesAMeasurementThatCannotBeRight() throws IOException {
        Path file =
                measured(
                        """
                        {"settings": ["machine: 2 cores, x"],
                         "figures": [
                          {"who": "(a) ours", "what": "1,000 slots, 64 clients", "median": {"perSecond": 0.5}},
                          {"who": "(a) ours", "what": "all sold out, refusals", "median": {"perSecond": 20000}}]}
                        """);

        assertThatThrownBy(() -> lines("--measured", file.toString()))
                .isInstanceOf(RehearsalException.class)
                .hasMessage(
                        "ledger.json cannot be right: 4,000,000 µs of CPU for a booking, database"
                                + " included.");
    }

    @Test
    void takesWhatARequestForAPlaceCostInARehearsal() throws IOException {
        // 1.3 core seconds for 10,000 requests, less 10,000 reads of 30 µs each.
        Path file =
                measured(
                        """
                        {"seconds": [{"second": 0, "bookingsAsked": 4000, "readsOrigin": 6000},
                                     {"second": 1, "bookingsAsked": 6000, "readsOrigin": 4000},
                                     {"second": 2, "bookingsAsked": 9000, "readsOrigin": 0}],
                         "server": [{"second": 0, "serverCores": 0.5, "databaseCores": 0.2},
                                    {"second": 1, "serverCores": 0.475, "databaseCores": 0.125},
                                    {"second": 2, "serverCores": "NaN", "databaseCores": 1},
                                    {"second": 9, "serverCores": 1, "databaseCores": 1}],
                         "latencies": [{"kind": "book", "whole": {"count": 5, "p99": 105151}}]}
                        """);

        assertThat(lines("--measured", file.toString()))
                .anyMatch(line -> line.matches(" *--booking-micros +100 .*\\(ledger.json\\)"))
                .anyMatch(line -> line.matches(" *--refusal-micros +100 .*\\(ledger.json\\)"))
                .anyMatch(line -> line.matches(" *--database-share +25 .*\\(ledger.json\\)"))
                .anyMatch(line -> line.matches(" *--answer-millis +78 .*\\(benchmarks\\)"));
    }

    @Test
    void refusesARehearsalThatDidNotSeeTheServerAtWork() throws IOException {
        Path file = measured("{\"seconds\": [], \"server\": [], \"latencies\": []}");

        assertThatThrownBy(() -> lines("--measured", file.toString()))
                .isInstanceOf(RehearsalException.class)
                .hasMessage("The rehearsal did not see what requests for a place cost the server.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"seconds\": [[1]], \"server\": [], \"latencies\": []}",
                "{\"seconds\": [null], \"server\": [], \"latencies\": []}",
                "{\"seconds\": [], \"server\": [null], \"latencies\": []}"
            })
    void refusesARehearsalOfAnotherForm(String json) throws IOException {
        Path file = measured(json);

        assertThatThrownBy(() -> lines("--measured", file.toString()))
                .isInstanceOf(RehearsalException.class)
                .hasMessageEndingWith("is not a rehearsal as this version writes it.");
    }

    @Test
    void namesEveryAssumptionInItsHelp() {
        String help = new CommandLine(new PlanCommand()).getUsageMessage();

        assertThat(Arrays.stream(Assumption.values()).map(Assumption::option))
                .allSatisfy(option -> assertThat(help).contains(option + "="));
    }
}
