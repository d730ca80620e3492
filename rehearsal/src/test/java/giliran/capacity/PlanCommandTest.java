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
    @ValueSource(strings = {"many", "", "NaN", "Infinity", "1,000"})
    void refusesWhatIsNoNumber(String wrong) {
        assertThatThrownBy(() -> parsed("--people=" + wrong))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("'" + wrong + "' is not a number from 1 to 10,000,000,000");
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

    @Test
    void refusesJsonThatIsNoMeasurement() throws IOException {
        Path file = measured("{\"people\": 3}");

        assertThatThrownBy(() -> lines("--measured", file.toString()))
                .isInstanceOf(RehearsalException.class)
                .hasMessageEndingWith("is not what ./giliran bench ledger --out writes.");
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
    void namesEveryAssumptionInItsHelp() {
        String help = new CommandLine(new PlanCommand()).getUsageMessage();

        assertThat(Arrays.stream(Assumption.values()).map(Assumption::option))
                .allSatisfy(option -> assertThat(help).contains(option + "="));
    }
}
