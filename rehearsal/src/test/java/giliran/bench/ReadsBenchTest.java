package giliran.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import giliran.subject.Door;
import giliran.subject.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of reads, as small as it can be: that it runs, not how fast anything is. */
final class ReadsBenchTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Duration SECOND = Duration.ofSeconds(1); // The least that wrk can.
    private static final ReadsBench.Plan TINY =
            new ReadsBench.Plan(
                    1, List.of(8), 8, Duration.ZERO, Duration.ZERO, SECOND, 50, 0, SECOND);

    @TempDir private Path temp;

    @Test
    void measuresReadsAloneBesideBookingsAndBesideNginxIfItIsThere() throws IOException {
        assumeTrue(Wrk.find("wrk").isPresent(), "not run: install Debian's wrk");
        Path json = temp.resolve("reads.json");
        boolean isNginxThere = Wrk.find("nginx").isPresent();
        try (ReadsBench bench =
                new ReadsBench(
                        HOME,
                        HOME.resolve("server/target/giliran.jar"),
                        temp.toRealPath(),
                        TINY,
                        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                        new SplittableRandom(),
                        Progress::tell)) {
            bench.start();
            ReadsReport report =
                    new ReadsReport(
                            TINY, bench.settings(), bench.run(), bench.missing(), Settings.load());
            report.write(json);

            assertThat(report.lines())
                    .anyMatch(
                            line -> line.startsWith("reads a second beside 50 bookings/s ÷ alone"))
                    .anyMatch(line -> line.contains("seen after p50"));
        }

        JsonNode written = Door.JSON.readTree(json.toFile());
        assertThat(written.path("bars")).hasSize(isNginxThere ? 8 : 4);
        assertThat(written.path("notMeasured").isEmpty()).isEqualTo(isNginxThere);
        assertThat(written.path("reads")).hasSize(isNginxThere ? 9 : 5);
        for (JsonNode cell : written.path("reads")) {
            JsonNode run = cell.path("runs").path(0);
            assertThat(run.path("perSecond").asDouble()).as(cell.toString()).isPositive();
            assertThat(run.path("faults").asText()).as(cell.toString()).isEmpty();
        }
        assertThat(written.path("fresh").path(0).path("maxMillis").asDouble()).isPositive();
    }

    @Test
    void understandsWhatWrkSays() {
        Wrk.Run run =
                Wrk.parse(
                        """
                        Running 4s test @ http://127.0.0.1:8080/
                          1 threads and 256 connections
                          Latency Distribution
                             50%  812.00us
                             75%    1.12ms
                             90%    2.01ms
                             99%    1.20s
                          301245 requests in 4.02s, 1.10GB read
                          Socket errors: connect 0, read 3, write 0, timeout 0
                          Non-2xx or 3xx responses: 7
                        Requests/sec:  74936.57
                        """,
                        3.015);

        assertThat(run.requests()).isEqualTo(301_245);
        assertThat(run.seconds()).isCloseTo(4.02, within(1e-9));
        assertThat(run.p50Millis()).isCloseTo(0.812, within(1e-9));
        assertThat(run.p99Millis()).isCloseTo(1_200, within(1e-9));
        assertThat(run.busy()).isCloseTo(0.75, within(1e-9));
        assertThat(run.faults())
                .isEqualTo(
                        "Socket errors: connect 0, read 3, write 0, timeout 0; Non-2xx or 3xx"
                                + " responses: 7");
    }
}
