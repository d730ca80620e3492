package giliran.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What several runs come to. */
final class ResultsTest {
    private static final Results.Cell CELL = new Results.Cell("who", "what");

    private final Results results = new Results();

    private void add(double perSecond, double p99, Map<String, Long> others) {
        results.add(CELL, new Figures(perSecond, 1, p99, 9, others));
    }

    @Test
    void takesTheMedianOfEachFigureAndTheSumOfOtherAnswers() {
        add(10, 5, Map.of("503 overloaded", 2L));
        add(30, 6, Map.of());
        add(20, 4, Map.of("503 overloaded", 1L));

        assertThat(results.median(CELL))
                .isEqualTo(new Figures(20, 1, 5, 9, Map.of("503 overloaded", 3L)));
    }

    @Test
    void takesTheMiddleOfTwo() {
        add(10, 4, Map.of());
        add(30, 6, Map.of());

        assertThat(results.median(CELL)).isEqualTo(new Figures(20, 1, 5, 9, Map.of()));
    }
}
