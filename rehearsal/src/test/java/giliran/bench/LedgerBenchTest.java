package giliran.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.subject.Door;
import giliran.subject.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The whole benchmark, as small as it can be: that it runs, not how fast anything is. */
final class LedgerBenchTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path JAR = HOME.resolve("server/target/giliran.jar");
    private static final List<String> QUICK_TO_START =
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final Plan TINY =
            new Plan(
                    1,
                    List.of(4, 16),
                    16,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    Duration.ofMillis(900),
                    1_000,
                    200);

    @TempDir private Path temp;

    @Test
    void measuresAllThatTheBarsAreAbout() throws IOException {
        Path json = temp.resolve("out/ledger.json");
        try (LedgerBench bench =
                new LedgerBench(
                        HOME,
                        JAR,
                        temp.toRealPath(),
                        TINY,
                        false,
                        QUICK_TO_START,
                        new SplittableRandom(),
                        Progress::tell)) {
            bench.start();
            Report report =
                    new Report(
                            TINY,
                            bench.settings(),
                            bench.measureClients(),
                            bench.run(),
                            Settings.load());
            report.write(json);

            assertThat(report.lines())
                    .anyMatch(line -> line.contains("fsync = on"))
                    .anyMatch(line -> line.startsWith("(a) ÷ (b), ten hot slots, 16 clients"));
        }

        JsonNode written = Door.JSON.readTree(json.toFile());
        assertThat(written.path("bars")).hasSize(6);
        for (JsonNode cell : written.path("figures")) {
            assertThat(cell.path("median").path("perSecond").asDouble())
                    .as(cell.toString())
                    .isPositive();
        }
        // Who comes for a place is booked, and who comes too late hears that it is gone.
        for (JsonNode cell : written.path("figures")) {
            JsonNode others = cell.path("median").path("otherAnswers");
            if (cell.path("what").asText().contains("sold out")) {
                others.fieldNames()
                        .forEachRemaining(answer -> assertThat(answer).isEqualTo("409 place-gone"));
            } else {
                assertThat(others).as(cell.toString()).isEmpty();
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "giliran.long", matches = "true")
    void sellsExactlyAllPlacesToMorePeople() throws IOException {
        try (Million small =
                new Million(
                        HOME,
                        JAR,
                        temp.toRealPath(),
                        2,
                        2_100,
                        16,
                        QUICK_TO_START,
                        new SplittableRandom(),
                        Progress::tell)) {
            Million.Outcome outcome = small.run();

            assertThat(outcome.isExact()).as(outcome.toString()).isTrue();
            assertThat(outcome.refused()).isGreaterThanOrEqualTo(100);
            assertThat(outcome.memory().heapAfter()).isPositive();
            assertThat(outcome.memory().residentMax()).isPositive();
        }
    }
}
