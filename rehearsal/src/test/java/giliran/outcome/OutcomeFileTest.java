package giliran.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.outcome.Outcome.BrokenPromise;
import giliran.outcome.Outcome.Ending;
import giliran.outcome.Outcome.Figures;
import giliran.outcome.Outcome.Group;
import giliran.outcome.Outcome.Latency;
import giliran.outcome.Outcome.LatencyPoint;
import giliran.outcome.Outcome.RealPoint;
import giliran.outcome.Outcome.Scene;
import giliran.outcome.Outcome.Second;
import giliran.outcome.Outcome.ServerSecond;
import giliran.outcome.Outcome.Setting;
import giliran.outcome.Outcome.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutcomeFileTest {
    @Test
    void readsWhatItWroteAlsoTheNumbersThatThereAreNot(@TempDir Path folder) {
        LatencyPoint point = new LatencyPoint(3, 10, 1.5, 2, 3, 4, 5);
        Outcome outcome =
                new Outcome(
                        "./giliran rehearse x",
                        "2026-11-22T12:00:00Z",
                        new Scene("x", "X", "A story.", 10, 5, 7, 0.01, 10, 100),
                        new Verdict(false, "One promise was broken."),
                        new Figures(5, 1.5, 20, 0.5, 40, 12, 11.5, 200, 3, 900),
                        List.of(new Setting("proof of work", "none", "as set", "phones")),
                        List.of(
                                new Second(
                                        -1,
                                        1,
                                        2,
                                        1,
                                        1,
                                        0,
                                        0,
                                        0,
                                        0,
                                        Map.of("too-many", 2L),
                                        0,
                                        0,
                                        0,
                                        5,
                                        1)),
                        List.of(new Latency("book", point, List.of(point))),
                        List.of(new Ending("has a place", 5)),
                        List.of(new Group("line", "bad", 2, 0, Double.NaN)),
                        List.of(
                                new ServerSecond(
                                        0,
                                        1,
                                        0.5,
                                        0.25,
                                        300,
                                        200,
                                        100,
                                        20,
                                        300,
                                        12,
                                        0,
                                        Double.NaN)),
                        List.of(
                                new BrokenPromise(
                                        "told-201-and-not-there",
                                        "Gone.",
                                        List.of("person 3"),
                                        List.of("key 1"))),
                        List.of(new RealPoint(1, 2, 3)));
        Path file = folder.resolve("new/outcome.json");

        OutcomeFile.write(file, outcome);

        assertThat(OutcomeFile.read(file)).isEqualTo(outcome);
    }
}
