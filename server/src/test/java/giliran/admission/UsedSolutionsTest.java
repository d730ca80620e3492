package giliran.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsedSolutionsTest {
    private final UsedSolutions used = new UsedSolutions(3);

    @Test
    void knowsASolutionUntilItExpires() {
        assertThat(used.use(7, 110, 100, 200)).isTrue();
        assertThat(used.use(7, 110, 109, 200)).isFalse();
        assertThat(used.use(8, 150, 110, 210)).isTrue();
        assertThat(used.kept()).isEqualTo(1);
    }

    @Test
    void forgetsWhatExpiresFirstWhenFullAndRefusesAllThatExpireAsSoon() {
        assertThat(used.use(1, 110, 100, 200)).isTrue();
        assertThat(used.use(2, 110, 100, 200)).isTrue();
        assertThat(used.use(3, 120, 100, 200)).isTrue();
        assertThat(used.use(4, 130, 100, 200)).isTrue();
        assertThat(used.kept()).isEqualTo(2);
        assertThat(used.use(1, 110, 100, 200)).isFalse();
        assertThat(used.use(5, 109, 100, 200)).isFalse();
        assertThat(used.use(6, 111, 100, 200)).isTrue();
        assertThat(used.use(3, 120, 100, 200)).isFalse();
    }

    @Test
    void goesOnWhenTheClockIsSetBackWhileItIsFull() {
        for (int solution = 0; solution < 10; solution++) {
            assertThat(used.use(solution, 9_000 + solution, 8_500, 9_100)).isTrue();
        }
        assertThat(used.use(20, 600, 100, 700)).isTrue();
        assertThat(used.use(20, 600, 100, 700)).isFalse();
        assertThat(used.kept()).isEqualTo(1);
    }
}
