package giliran.reception;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LineBudgetTest {
    private static final long SECOND = 1_000_000_000;

    private final LineBudget budget = new LineBudget(2);

    @Test
    void letsSoManyLinesASecondThroughAndCountsTheOthers() {
        assertThat(budget.take(0)).isTrue();
        assertThat(budget.take(1)).isTrue();
        assertThat(budget.take(2)).isFalse();
        assertThat(budget.take(SECOND - 1)).isFalse();
        assertThat(budget.takeLeftOut()).isEqualTo(2);
        assertThat(budget.takeLeftOut()).as("since then").isZero();
    }

    @Test
    void beginsAnewWithEachSecond() {
        for (int second = 0; second < 3; second++) {
            assertThat(budget.take(second * SECOND)).isTrue();
            assertThat(budget.take(second * SECOND + 500)).isTrue();
            assertThat(budget.take(second * SECOND + 999)).isFalse();
        }
        assertThat(budget.takeLeftOut()).isEqualTo(3);
    }

    @Test
    void countsSecondsBelowZeroAsWellAsAbove() {
        assertThat(budget.take(-1)).isTrue();
        assertThat(budget.take(-2)).isTrue();
        assertThat(budget.take(-3)).isFalse();
        assertThat(budget.take(0)).isTrue();
    }
}
